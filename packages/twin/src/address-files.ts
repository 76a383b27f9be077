/** Which address files an answer rests on, in a form that can stand beside every answer. */
import { type AddressFile, addressFiles, type EndpointListFile, endpointFiles } from '@bothways/facts';

export interface AddressFilesInUse {
  readonly tags: readonly AddressFile[];
  readonly endpoints: readonly EndpointListFile[];
}

export function addressFilesInUse(): AddressFilesInUse {
  return { tags: addressFiles(), endpoints: endpointFiles() };
}

/** One line for each file that is not the checked-in one: 'public service tags: change 377 of 2025-11-17 (FILE)'. */
export function addressUpdateLines(files: AddressFilesInUse = addressFilesInUse()): readonly string[] {
  return [
    ...files.tags
      .filter(({ builtIn }) => !builtIn)
      .map(
        ({ cloud, changeNumber, date, fileName }) =>
          `service tags ${cloud}: change ${changeNumber} of ${date} (${fileName})`,
      ),
    ...files.endpoints
      .filter(({ builtIn }) => !builtIn)
      .map(({ instance, date, fileName }) => `Microsoft 365 endpoints ${instance}: ${date} (${fileName})`),
  ];
}
