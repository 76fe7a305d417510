// What every page does. Each behaviour is a module of its own; pages add theirs in the "scripts" block.
import "./account.js";
import "./theme.js";
import "./menu.js";
import "./dismiss.js";
import "./confirm.js";
import "./copy.js";
import "./local-time.js";
import "./focus.js";
import "./wide-open.js";
import "./polling.js";
import "./tabs.js";
