// Where keys write: there they mean nothing else.
export function typing(target) {
  return target.closest("textarea, select, input:not([type=radio]):not([type=checkbox])");
}

export function modified(event) {
  return event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
}
