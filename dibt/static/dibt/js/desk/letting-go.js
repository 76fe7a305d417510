// Asking the site for a record again that was skipped, discarded or flagged.
import { said } from "./notes.js";
import { body, post } from "./leases.js";

// `before` is how it was given, if this page did. Resolves with the reply; says why, and with nothing, where it is none.
export async function askBack(form, before, { account, hand }) {
  const asked = body(account);
  for (const name of ["record", "what"]) asked.set(name, form.elements[name].value);
  for (const [name, value] of before?.typed ?? []) asked.append(name, value);
  const schema = before?.node?.querySelector("[name=schema]")?.value;
  if (schema) asked.set("schema", schema);
  for (const { record } of hand.all) asked.append("have", record);
  const answer = await post(form.action, asked);
  const reply = await answer?.json().catch(() => null);
  if (answer?.ok && reply) return reply;
  const sentence = said("not-undone");
  if (reply?.detail) sentence.textContent = reply.detail;
  else document.getElementById("done").append(form); // to be tried again
  return null;
}
