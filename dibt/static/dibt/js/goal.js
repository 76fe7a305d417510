// A goal for today, and how many answers one has given towards it. Both are kept in this browser, under a key of
// the account, so that two people who share a phone never see each other's; the day is the one on their clock.
const panel = document.querySelector("[data-goal]");
const today = () => new Date().toDateString();
const shown = new Intl.NumberFormat(document.documentElement.lang);

// All answers in the project, also those from another device, as the server counts them, and those on their way to it.
function answers() {
  const { ownAnswers, waiting = 0 } = document.getElementById("done").dataset;
  return Number(ownAnswers) + Number(waiting);
}

function start() {
  const [select, progress, said] = ["goal", "goal-done", "goal-said"].map((id) => document.getElementById(id));
  const key = `goal:${panel.dataset.goal}`;
  const { project } = panel.dataset;
  let before = answers();

  // For each project, `from` is how many answers there were when the day began, and `most` how many of today this page
  // or one before it has shown.
  function kept() {
    const found = JSON.parse(localStorage.getItem(key) ?? "{}");
    const { from = {}, most = {} } = found.day === today() ? found : {};
    from[project] ??= before;
    return { goal: found.goal ?? 0, day: today(), from, most };
  }

  // What there is now; `before`: how many answers of today had been shown.
  function keep(changes) {
    const now = { ...kept(), ...changes };
    before = answers();
    const done = Math.max(0, before - now.from[project]);
    const shownBefore = now.most[project] ?? done;
    now.most[project] = Math.max(shownBefore, done);
    localStorage.setItem(key, JSON.stringify(now));
    return { goal: now.goal, done, before: shownBefore };
  }

  function draw({ goal, done }) {
    const words = goal ? panel.dataset.of : panel.dataset.plain;
    said.textContent = words.replace("{done}", shown.format(done)).replace("{goal}", shown.format(goal));
    select.value = goal;
    progress.hidden = !goal;
    progress.max = goal || 1;
    progress.value = Math.min(done, progress.max);
  }

  function celebrate() {
    const words = document.createElement("span");
    words.textContent = select.selectedOptions[0].dataset.reached;
    document.getElementById("cheer").append(panel.querySelector("template").content.cloneNode(true), words);
  }

  function follow() {
    const { goal, done, before: had } = keep();
    draw({ goal, done });
    if (goal && had < goal && done >= goal) celebrate();
  }

  follow();
  panel.hidden = false;
  select.addEventListener("change", () => draw(keep({ goal: Number(select.value) })));
  document.addEventListener("desk:counted", follow);
  addEventListener("pageshow", (event) => event.persisted && follow());
}

if (panel) start();
