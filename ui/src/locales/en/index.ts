// The English words that a first page may need, one file a feature.
import accounts from "./accounts.json";
import app from "./app.json";
import backups from "./backups.json";
import connect from "./connect.json";
import consoleTexts from "./console.json";
import done from "./done.json";
import eligibility from "./eligibility.json";
import errors from "./errors.json";
import illustrations from "./illustrations.json";
import keyboard from "./keyboard.json";
import login from "./login.json";
import mode from "./mode.json";
import overview from "./overview.json";
import pack from "./pack.json";
import packs from "./packs.json";
import payment from "./payment.json";
import shared from "./shared.json";
import usage from "./usage.json";
import way from "./way.json";
import welcome from "./welcome.json";
import wizard from "./wizard.json";

export default {
  accounts,
  app,
  backups,
  connect,
  console: consoleTexts,
  done,
  eligibility,
  errors,
  illustrations,
  keyboard,
  login,
  mode,
  overview,
  pack,
  packs,
  payment,
  shared,
  usage,
  way,
  welcome,
  wizard,
};
