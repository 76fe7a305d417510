// Where keys write: there they mean nothing else.
export function typing(target) {
  return target.closest("textarea, select, input:not([type=radio]):not([type=checkbox])");
}

export function modified(event) {
  return event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
}

// Enter with Ctrl or Cmd, which submits from anywhere.
export function submits(event) {
  return event.key === "Enter" && event.ctrlKey !== event.metaKey && !event.altKey && !event.shiftKey && !event.isComposing;
}
