// Bytes as the host takes them.

/** Of a file or of a text. What cannot be read is empty, and the host says so. */
export const base64 = (bytes: Blob) =>
  new Promise<string>((resolve) => {
    if (bytes.size === 0) return resolve("");
    const reader = new FileReader();
    reader.onloadend = () => resolve(typeof reader.result === "string" ? reader.result.slice(reader.result.indexOf(",") + 1) : "");
    reader.readAsDataURL(bytes);
  });
