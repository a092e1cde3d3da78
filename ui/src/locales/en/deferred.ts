// The English words of the pages that are never the first.
import bill from "./bill.json";
import bulk from "./bulk.json";
import channels from "./channels.json";
import guard from "./guard.json";
import guide from "./guide.json";
import help from "./help.json";
import inbox from "./inbox.json";
import memberCard from "./member_card.json";
import orders from "./orders.json";
import phone from "./phone.json";
import privacy from "./privacy.json";
import settings from "./settings.json";
import tray from "./tray.json";

export default {
  bill,
  bulk,
  channels,
  guard,
  guide,
  help,
  inbox,
  member_card: memberCard,
  orders,
  phone,
  privacy,
  settings,
  tray,
};
