// How a mini-program stands, in one line of the table.
import type { AccountRow, Day } from "@/ipc/bindings";
import { formatDay } from "@/shared/formats";
import { useText } from "@/shared/text";

export function useAccountState() {
  const { t, tn, language } = useText();
  const day = (at: Day) => formatDay(at, language.value);
  return (row: AccountRow): string => {
    const { kind } = row.situation;
    switch (kind) {
      case "trial_enough":
      case "enough":
        return row.likely ? t(row.by_expiry ? "accounts.state.until_expiry" : "accounts.state.enough", { day: day(row.likely) }) : t("accounts.state.lasts_long");
      case "ends_soon_by_use":
      case "ends_soon_by_expiry":
        return tn(`accounts.state.${kind}`, row.days_left ?? 0);
      default:
        return t(`accounts.state.${kind}`);
    }
  };
}
