// Numbers as people copy them from the console: `1,000`, `1，000`, full-width digits.

/** The whole number, or `null` when it is invalid. At most 12 digits, as the host allows. */
export function wholeNumber(typed: string): number | null {
  const plain = typed.normalize("NFKC").replace(/[\s,]/g, "").replace(/次$/, "");
  return /^\d{1,12}$/.test(plain) ? Number(plain) : null;
}
