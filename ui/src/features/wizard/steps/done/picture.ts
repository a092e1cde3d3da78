/** What stands in `sheet` as a PNG in base64, at twice its size, so that it is sharp on paper and on a phone too.
 *  The library comes only when somebody asks for a picture. */
export async function pictureOf(sheet: HTMLElement): Promise<string> {
  const { domToPng } = await import("modern-screenshot");
  // The fonts are the system's: nothing is to be fetched, and the window's policy would not let it.
  const address = await domToPng(sheet, { scale: 2, font: false });
  return address.slice(address.indexOf(",") + 1);
}
