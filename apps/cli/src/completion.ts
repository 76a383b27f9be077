/**
 * Shell completion, written from the commands as they are declared: there is no second list to forget. Bash, zsh and
 * fish get static scripts, so a Tab press starts nothing.
 */
import type { Command, Option } from 'commander';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

interface Flag {
  readonly names: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

interface Verb {
  readonly name: string;
  readonly description: string;
  readonly flags: readonly Flag[];
  /** What the first argument may be; empty: a path. */
  readonly values: readonly string[];
  /** The values are commands, and what follows may be a path. */
  readonly hasCommands: boolean;
}

/** `rules` completes `explain`. */
export function completionScript(shell: Shell, program: Command, rules: readonly string[]): string {
  const verbs = verbsOf(program, rules);
  const everywhere = program.options.filter(isShown).map(flagOf);
  switch (shell) {
    case 'bash':
      return bashScript(verbs, everywhere);
    case 'zsh':
      return zshScript(verbs, everywhere);
    case 'fish':
      return fishScript(verbs, everywhere);
  }
}

function verbsOf(program: Command, rules: readonly string[]): readonly Verb[] {
  return program.commands.map((command) => ({
    name: command.name(),
    description: command.summary(),
    flags: [...flagsOf([command, ...command.commands]), helpFlag],
    values:
      command.name() === 'explain'
        ? rules
        : (command.registeredArguments[0]?.argChoices ?? command.commands.map((each) => each.name())),
    hasCommands: command.commands.length > 0,
  }));
}

/** Of commands together, each name once. */
function flagsOf(commands: readonly Command[]): readonly Flag[] {
  const all = commands.flatMap(({ options }) => options.filter(isShown).map(flagOf));
  return [...new Map(all.map((flag) => [flag.names.join(), flag])).values()];
}

const helpFlag: Flag = { names: ['--help'], description: 'show help', takesValue: false, choices: [] };

function isShown(option: Option): boolean {
  return !option.hidden;
}

function flagOf(option: Option): Flag {
  return {
    names: [option.short, option.long].filter((name) => name !== undefined && name !== null),
    description: option.description,
    // A value that may be left out is written behind an equals sign: the next word is none.
    takesValue: option.required,
    choices: option.required ? (option.argChoices ?? []) : [],
  };
}

function bashScript(verbs: readonly Verb[], everywhere: readonly Flag[]): string {
  const names = (flags: readonly Flag[]): string => flags.flatMap((flag) => flag.names).join(' ');
  // The same option has other choices elsewhere: `--format` of check knows more than that of trace.
  const choiceCase = (verb: string, { names, choices }: Flag): string =>
    `    ${names.map((name) => `${verb === '' ? '*' : verb}' ${name}'`).join('|')}) COMPREPLY=($(compgen -W '${choices.join(' ')}' -- "$current")); return ;;`;
  const withChoices = (flags: readonly Flag[]): readonly Flag[] => flags.filter(({ choices }) => choices.length > 0);
  const choiceCases = [
    ...withChoices(everywhere).map((flag) => choiceCase('', flag)),
    ...verbs.flatMap(({ name, flags }) => withChoices(flags).map((flag) => choiceCase(name, flag))),
  ];
  return `# bash completion of bothways; to use it:  source <(bothways completion bash)
_bothways() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" verb='' flags='' values='' paths='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
      ${verbs.map(({ name }) => name).join('|')}) verb="$word"; break ;;
    esac
  done
  case "$verb $previous" in
${[...new Set(choiceCases)].join('\n')}
  esac
  case "$verb" in
    '') values='${verbs.map(({ name }) => name).join(' ')}'; flags='--version --help' ;;
${verbs.map(({ name, flags, values, hasCommands }) => `    ${name}) values='${values.join(' ')}'; flags='${names(flags)}'${hasCommands ? '; [ "$previous" = "$verb" ] || paths=1' : ''} ;;`).join('\n')}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$flags ${names(everywhere)}" -- "$current")) ;;
    *) if [ -n "$values" ] && [ -z "$paths" ]; then COMPREPLY=($(compgen -W "$values" -- "$current")); else COMPREPLY=($(compgen -f -- "$current")); fi ;;
  esac
}
complete -o filenames -F _bothways bothways
`;
}

function zshScript(verbs: readonly Verb[], everywhere: readonly Flag[]): string {
  const specification = (flag: Flag): readonly string[] =>
    flag.names.map((name) => {
      const value = flag.choices.length > 0 ? `:value:(${flag.choices.join(' ')})` : ':value:_files';
      return zshQuoted(`${name}[${flag.description.replaceAll(/[[\]:]/g, ' ')}]${flag.takesValue ? value : ''}`);
    });
  const shared = everywhere.flatMap(specification);
  const cases = verbs.map(({ name, flags, values, hasCommands }) => {
    const first = values.length > 0 ? [`1:what:(${values.join(' ')})`] : [];
    const rest = values.length === 0 || hasCommands ? ['*:path:_files'] : [];
    const lines = [...flags.flatMap(specification), ...shared, ...[...first, ...rest].map(zshQuoted)];
    return `    ${name})\n      _arguments ${lines.join(' \\\n        ')} ;;`;
  });
  return `#compdef bothways
# zsh completion of bothways; to use it:  bothways completion zsh > a folder of $fpath/_bothways
_bothways() {
  local -a verbs
  verbs=(
${verbs.map(({ name, description }) => `    ${zshQuoted(`${name}:${description}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' verbs
    return
  fi
  local verb="$words[2]"
  shift words
  (( CURRENT-- ))
  case "$verb" in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = '_bothways' ]; then _bothways "$@"; else compdef _bothways bothways; fi
`;
}

function zshQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function fishScript(verbs: readonly Verb[], everywhere: readonly Flag[]): string {
  const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const flagLine = (condition: string, flag: Flag): string => {
    const names = flag.names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
    const value = flag.choices.length > 0 ? ` -x -a ${quoted(flag.choices.join(' '))}` : flag.takesValue ? ' -r' : '';
    return `complete -c bothways${condition} ${names.join(' ')}${value} -d ${quoted(flag.description)}`;
  };
  const lines = verbs.flatMap(({ name, description, flags, values }) => {
    const inside = ` -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c bothways -n __fish_use_subcommand -f -a ${name} -d ${quoted(description)}`,
      ...(values.length > 0 ? [`complete -c bothways${inside} -f -a ${quoted(values.join(' '))}`] : []),
      ...flags.map((flag) => flagLine(inside, flag)),
    ];
  });
  return `# fish completion of bothways; to use it:  bothways completion fish | source
${[...lines, ...everywhere.map((flag) => flagLine('', flag))].join('\n')}
`;
}
