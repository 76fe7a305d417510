// A goal for today, and how many answers one has given towards it. Both are kept in this browser, under a key of
// the account, so that two people who share a phone never see each other's; the day is the one on their clock.
const panel = document.querySelector("[data-goal]");
const today = () => new Date().toDateString();
const shown = new Intl.NumberFormat(document.documentElement.lang);

// All answers in the project, also those from another device; the server counts.
const answers = () => Number(document.getElementById("work").dataset.ownAnswers);

function start() {
  const [select, progress, said] = ["goal", "goal-done", "goal-said"].map((id) => document.getElementById(id));
  const key = `goal:${panel.dataset.goal}`;
  let before = answers();
  let reached = true; // nothing is celebrated that was reached before this page was opened

  // `from`: for each project, how many answers there were when the day began.
  function kept() {
    const found = JSON.parse(localStorage.getItem(key) ?? "{}");
    const from = found.day === today() ? found.from : {};
    from[panel.dataset.project] ??= before;
    return { goal: found.goal ?? 0, day: today(), from };
  }

  function keep(goal) {
    const now = { ...kept(), ...(goal === undefined ? {} : { goal }) };
    localStorage.setItem(key, JSON.stringify(now));
    before = answers();
    return { goal: now.goal, done: Math.max(0, before - now.from[panel.dataset.project]) };
  }

  function draw({ goal, done }) {
    const words = goal ? panel.dataset.of : panel.dataset.plain;
    said.textContent = words.replace("{done}", shown.format(done)).replace("{goal}", shown.format(goal));
    select.value = goal;
    progress.hidden = !goal;
    progress.max = goal || 1;
    progress.value = Math.min(done, progress.max);
    return goal > 0 && done >= goal;
  }

  function celebrate() {
    const words = document.createElement("span");
    words.textContent = select.selectedOptions[0].dataset.reached;
    document.getElementById("cheer").append(panel.querySelector("template").content.cloneNode(true), words);
  }

  function follow() {
    const was = reached;
    reached = draw(keep());
    if (reached && !was) celebrate();
  }

  reached = draw(keep());
  panel.hidden = false;
  select.addEventListener("change", () => (reached = draw(keep(Number(select.value)))));
  document.addEventListener("htmx:afterSettle", follow);
  addEventListener("pageshow", (event) => event.persisted && follow());
}

if (panel) start();
