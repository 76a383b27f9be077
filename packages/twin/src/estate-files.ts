/** Which files of a folder make up an estate: the same for every application that reads one. */

const DOCUMENT = /^[^.].*\.(ya?ml|json)$/i;

/** Whether a file directly in the folder of an estate is a part of the document, by its name. */
export function isDocumentName(name: string): boolean {
  return DOCUMENT.test(name);
}

/** Baselines, answers and schemas that somebody keeps beside the estate are no part of it. */
export function isOurOutput(name: string, text: string): boolean {
  if (!/\.json$/i.test(name)) return false;
  return /^\s*\{\s*(?:"\$?schema"\s*:\s*"(?:urn:bothways:|https?:\/\/json[.-]schema)|"bothways"\s*:\s*"\d+\.\d+\.\d+")/.test(
    text,
  );
}
