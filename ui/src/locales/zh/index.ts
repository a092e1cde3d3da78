// The Chinese words, one file a feature.
import app from "./app.json";
import connect from "./connect.json";
import consoleTexts from "./console.json";
import done from "./done.json";
import eligibility from "./eligibility.json";
import errors from "./errors.json";
import help from "./help.json";
import illustrations from "./illustrations.json";
import login from "./login.json";
import mode from "./mode.json";
import overview from "./overview.json";
import pack from "./pack.json";
import payment from "./payment.json";
import shared from "./shared.json";
import usage from "./usage.json";
import way from "./way.json";
import welcome from "./welcome.json";
import wizard from "./wizard.json";

export default {
  app,
  connect,
  console: consoleTexts,
  done,
  eligibility,
  errors,
  help,
  illustrations,
  login,
  mode,
  overview,
  pack,
  payment,
  shared,
  usage,
  way,
  welcome,
  wizard,
};
