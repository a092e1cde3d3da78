// One file a feature and language, loaded with the app. Chinese is written first and gives the shape; an English
// file with a key missing or too many does not compile.
import enApp from "./en/app.json";
import enConnect from "./en/connect.json";
import enConsole from "./en/console.json";
import enDone from "./en/done.json";
import enEligibility from "./en/eligibility.json";
import enErrors from "./en/errors.json";
import enHelp from "./en/help.json";
import enIllustrations from "./en/illustrations.json";
import enLogin from "./en/login.json";
import enMode from "./en/mode.json";
import enOverview from "./en/overview.json";
import enPack from "./en/pack.json";
import enPayment from "./en/payment.json";
import enShared from "./en/shared.json";
import enUsage from "./en/usage.json";
import enWay from "./en/way.json";
import enWelcome from "./en/welcome.json";
import enWizard from "./en/wizard.json";
import zhApp from "./zh/app.json";
import zhConnect from "./zh/connect.json";
import zhConsole from "./zh/console.json";
import zhDone from "./zh/done.json";
import zhEligibility from "./zh/eligibility.json";
import zhErrors from "./zh/errors.json";
import zhHelp from "./zh/help.json";
import zhIllustrations from "./zh/illustrations.json";
import zhLogin from "./zh/login.json";
import zhMode from "./zh/mode.json";
import zhOverview from "./zh/overview.json";
import zhPack from "./zh/pack.json";
import zhPayment from "./zh/payment.json";
import zhShared from "./zh/shared.json";
import zhUsage from "./zh/usage.json";
import zhWay from "./zh/way.json";
import zhWelcome from "./zh/welcome.json";
import zhWizard from "./zh/wizard.json";

const zh = {
  app: zhApp,
  connect: zhConnect,
  console: zhConsole,
  done: zhDone,
  eligibility: zhEligibility,
  errors: zhErrors,
  help: zhHelp,
  illustrations: zhIllustrations,
  login: zhLogin,
  mode: zhMode,
  overview: zhOverview,
  pack: zhPack,
  payment: zhPayment,
  shared: zhShared,
  usage: zhUsage,
  way: zhWay,
  welcome: zhWelcome,
  wizard: zhWizard,
};

const en = {
  app: enApp,
  connect: enConnect,
  console: enConsole,
  done: enDone,
  eligibility: enEligibility,
  errors: enErrors,
  help: enHelp,
  illustrations: enIllustrations,
  login: enLogin,
  mode: enMode,
  overview: enOverview,
  pack: enPack,
  payment: enPayment,
  shared: enShared,
  usage: enUsage,
  way: enWay,
  welcome: enWelcome,
  wizard: enWizard,
};

export type Messages = typeof zh;

/** Exact in both directions: neither language may have a key the other lacks. */
type SameKeys<A, B> = { [K in keyof A | keyof B]: K extends keyof A
  ? K extends keyof B
    ? A[K] extends string
      ? B[K] extends string
        ? string
        : never
      : SameKeys<A[K], B[K]>
    : never
  : never };

const checkedZh: SameKeys<typeof zh, typeof en> = zh;
const checkedEn: SameKeys<typeof zh, typeof en> = en;

export const messages = { zh: checkedZh as Messages, en: checkedEn as Messages };
