/** Which files of a folder make up an estate, the same for every application that reads one; and what of them may be shown. */
import { loadEstate } from '@bothways/estate';
import type { InputFile } from './estate-view.ts';

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

/**
 * The files with every secret covered, for somebody who may look but not know: still documents that can be read, with every
 * line and column where it was.
 */
export function printableFiles(files: readonly InputFile[]): readonly InputFile[] {
  const { printableSources } = loadEstate(files).document;
  return files.map(({ name, text }) => ({ name, text: disguised(text, printableSources.get(name) ?? text) }));
}

/** What is covered becomes the letter a: a key of any kind could be written with it, which is not so for asterisks. */
function disguised(text: string, covered: string): string {
  if (text === covered) return text;
  let shown = '';
  for (let at = 0; at < covered.length; at += 1) {
    const [was = '', is = ''] = [text[at], covered[at]];
    shown += is === was || was === '-' ? was : 'a';
  }
  return shown;
}
