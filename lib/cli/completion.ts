import { SCENARIOS } from '#lib/worlds/all.ts'
import type { Scenario } from '#lib/worlds/scenario.ts'
import { namesIn, targetsIn } from './flow.ts'
import { instead, shown, some } from './near.ts'
import {
  COMMANDS,
  OPTIONS,
  SHELLS,
  type Command,
  type CommandName,
  type Option,
  type OptionName,
} from './options.ts'
import { cli } from './words.ts'
import type { Read } from './read.ts'
import { UsageError } from './usage.ts'

/** `packet-walk completion SHELL`: prints the script. Returns the exit status. */
export function completion(r: Read, out: (s: string) => void): number {
  const [word] = r.words
  if (word === undefined) throw new UsageError(cli().whichShell(some(SHELLS)))
  const shell = SHELLS.find((s) => s === word)
  if (shell === undefined) throw new UsageError(cli().noShell(shown(word), instead(word, SHELLS)))
  out({ bash, zsh, fish }[shell]())
  return 0
}

/** What stands behind an option or a command's name, in the words of the scripts: the name of a list, or the words themselves. */
function wordsFor(takes: Option['takes']): string {
  if (takes === undefined || takes === 'number') return ''
  return typeof takes === 'string' ? `@${takes}` : takes.join(' ')
}

const commands = Object.entries(COMMANDS) as readonly (readonly [CommandName, Command])[]
const options = (c: Command): string => c.options.map((o) => `--${o}`).join(' ')
const WORDS = { world: '@world', file: '@file', goals: '@file', shell: SHELLS.join(' ') } as const
const valued = Object.entries<Option>(OPTIONS).filter(([, o]) => o.value !== undefined)
const worlds = Object.values(SCENARIOS)
const flows = (s: Scenario): readonly string[] => Object.keys(s.flows)
const whatIfs = (s: Scenario): readonly string[] => Object.keys(s.whatIfs)
const names = (s: Scenario): readonly string[] => namesIn(s.topology)
const targets = (s: Scenario): readonly string[] => targetsIn(s.topology)

/** Cases of a POSIX shell: for each value of a word, what it stands for. */
const cases = (rows: readonly (readonly [string, string])[]): string =>
  rows.map(([name, words]) => `    ${name}) echo '${words}' ;;`).join('\n')

/** Functions that bash and zsh understand alike. @ stands before the name of a list that depends on the line. */
const LISTS = `# ${'$'}1: a command
_packet_walk_options() {
  case "$1" in
${cases(commands.map(([name, c]) => [name, options(c)]))}
  esac
}
_packet_walk_word() {
  case "$1" in
${cases(commands.map(([name, c]) => [name, c.word === null ? '' : WORDS[c.word]]))}
  esac
}
# ${'$'}1: an option
_packet_walk_value() {
  case "$1" in
${cases(valued.map(([name, o]) => [`--${name}`, wordsFor(o.takes) || '@nothing']))}
  esac
}
# ${'$'}1: a world
_packet_walk_flow() {
  case "$1" in
${cases(worlds.map((s) => [s.id, flows(s).join(' ')]))}
  esac
}
_packet_walk_whatif() {
  case "$1" in
${cases(worlds.map((s) => [s.id, whatIfs(s).join(' ')]))}
  esac
}
_packet_walk_name() {
  case "$1" in
${cases(worlds.map((s) => [s.id, names(s).join(' ')]))}
  esac
}
_packet_walk_target() {
  case "$1" in
${cases(worlds.map((s) => [s.id, targets(s).join(' ')]))}
  esac
}
# ${'$'}1: the world on the line, ${'$'}2: words, or @ and the name of a list
_packet_walk_list() {
  case "$2" in
    @flow) _packet_walk_flow "$1" ;;
    @what-if) _packet_walk_whatif "$1" ;;
    @name) _packet_walk_name "$1" ;;
    @target) _packet_walk_target "$1" ;;
    @world) echo '${worlds.map((s) => s.id).join(' ')}' ;;
    @*) ;;
    *) echo "$2" ;;
  esac
}
`

const COMMAND_NAMES = commands.map(([name]) => name).join(' ')

function bash(): string {
  return `# packet-walk for bash: source <(packet-walk completion bash)
${LISTS}
_packet_walk() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}" world="\${COMP_WORDS[2]}" wanted begun='' file
  COMPREPLY=()
  # The shell takes --flow=ping apart.
  if [ "$word" = = ]; then word=''; elif [ "$before" = = ]; then before="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  if [ "$COMP_CWORD" -eq 1 ]; then wanted='${COMMAND_NAMES} help version --help --version'
  elif [ "$command" = help ]; then wanted='${COMMAND_NAMES}'
  else
    wanted="$(_packet_walk_value "$before")"
    if [ -z "$wanted" ]; then
      case "$word" in
        -*) wanted="$(_packet_walk_options "$command")" ;;
        *) if [ "$COMP_CWORD" -eq 2 ]; then wanted="$(_packet_walk_word "$command")"; elif [ "$command" = check ]; then wanted=@world; fi ;;
      esac
    fi
  fi
  case "$wanted" in
    @world | @file) compopt -o filenames 2> /dev/null; while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$word") ;;
    @what-if) case "$word" in *,*) begun="\${word%,*},"; word="\${word##*,}" ;; esac ;;
  esac
  COMPREPLY+=($(compgen -P "$begun" -W "$(_packet_walk_list "$world" "$wanted")" -- "$word"))
}
complete -F _packet_walk packet-walk
`
}

function zsh(): string {
  return `#compdef packet-walk
# packet-walk for zsh: source <(packet-walk completion zsh), or this as _packet-walk in a folder of fpath
${LISTS}
_packet_walk() {
  local before="\${words[CURRENT-1]}" command="\${words[2]}" world="\${words[3]}" wanted=''
  if (( CURRENT == 2 )); then wanted='${COMMAND_NAMES} help version --help --version'
  elif [[ $command == help ]]; then wanted='${COMMAND_NAMES}'
  else
    wanted="$(_packet_walk_value "$before")"
    if [[ -z $wanted ]]; then
      if [[ $PREFIX == -* ]]; then wanted="$(_packet_walk_options "$command")"
      elif (( CURRENT == 3 )); then wanted="$(_packet_walk_word "$command")"
      fi
    fi
  fi
  [[ $wanted != @what-if ]] || compset -P '*,'
  compadd -- $(_packet_walk_list "$world" "$wanted")
  [[ $wanted != @world && $wanted != @file ]] || _files
}
if [[ \${zsh_eval_context[-1]} == loadautofunc ]]; then _packet_walk "$@"
elif (( $+functions[compdef] )); then compdef _packet_walk packet-walk
fi
`
}

/** fish asks each rule by itself: here one for each command and option. */
function fish(): string {
  const quoted = (s: string): string => `'${s.replace(/[\\']/g, '\\$&')}'`
  const list = (
    name: string,
    of: (s: Scenario) => readonly string[],
  ): string => `function __packet_walk_${name}
  switch (__packet_walk_world)
${worlds.map((s) => `    case ${s.id}\n      printf '%s\\n' ${of(s).join(' ')}`).join('\n')}
  end
end
`
  const seen = (c: string): string => `-n '__fish_seen_subcommand_from ${c}'`
  const value = (o: Option): string => {
    if (o.value === undefined) return ''
    if (o.takes === 'file') return ' -r -F'
    const words = wordsFor(o.takes)
    return ` -x${words === '' ? '' : ` -a ${words.startsWith('@') ? `'(__packet_walk_${words.slice(1).replace('-', '')})'` : quoted(words)}`}`
  }
  const word = {
    world: `-n 'test (count (commandline -opc)) -eq 2' -F -a ${quoted(worlds.map((s) => s.id).join(' '))}`,
    file: '-F',
    goals: '-F',
    shell: `-a ${quoted(SHELLS.join(' '))}`,
  } as const
  const words = cli()
  const rule = (name: OptionName, o: Option): string =>
    `-l ${name}${o.short === undefined ? '' : ` -s ${o.short}`}${value(o)} -d ${quoted(words.options[name])}`
  return `# packet-walk for fish: packet-walk completion fish | source
function __packet_walk_world
  set -l said (commandline -opc)
  test (count $said) -gt 2; and echo $said[3]
end
${[list('flow', flows), list('whatif', whatIfs), list('name', names), list('target', targets)].join('')}complete -c packet-walk -f
complete -c packet-walk -n __fish_use_subcommand -a help -d ${quoted(words.helpOnHelp)}
complete -c packet-walk ${seen('help')} -a ${quoted(COMMAND_NAMES)}
complete -c packet-walk -n __fish_use_subcommand -a version -d ${quoted(words.options.version)}
${commands
  .flatMap(([name, c]) => [
    `complete -c packet-walk -n __fish_use_subcommand -a ${name} -d ${quoted(words.commands[name].says)}`,
    ...(c.word === null ? [] : [`complete -c packet-walk ${seen(name)} ${word[c.word]}`]),
    ...c.options.map((o) => `complete -c packet-walk ${seen(name)} ${rule(o, OPTIONS[o])}`),
  ])
  .join('\n')}
`
}
