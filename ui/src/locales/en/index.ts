// The English words, one file a feature.
import accounts from "./accounts.json";
import app from "./app.json";
import bill from "./bill.json";
import bulk from "./bulk.json";
import connect from "./connect.json";
import consoleTexts from "./console.json";
import done from "./done.json";
import eligibility from "./eligibility.json";
import errors from "./errors.json";
import guide from "./guide.json";
import help from "./help.json";
import illustrations from "./illustrations.json";
import keyboard from "./keyboard.json";
import login from "./login.json";
import memberCard from "./member_card.json";
import mode from "./mode.json";
import orders from "./orders.json";
import overview from "./overview.json";
import pack from "./pack.json";
import packs from "./packs.json";
import payment from "./payment.json";
import settings from "./settings.json";
import shared from "./shared.json";
import usage from "./usage.json";
import way from "./way.json";
import welcome from "./welcome.json";
import wizard from "./wizard.json";

export default {
  accounts,
  app,
  bill,
  bulk,
  connect,
  console: consoleTexts,
  done,
  eligibility,
  errors,
  guide,
  help,
  illustrations,
  keyboard,
  login,
  member_card: memberCard,
  mode,
  orders,
  overview,
  pack,
  packs,
  payment,
  settings,
  shared,
  usage,
  way,
  welcome,
  wizard,
};
