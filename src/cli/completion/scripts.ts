/**
 * Scripts that teach shells to complete supervisorctl. They ask the program itself at each completion, so they never grow
 * old.
 */
import { filesWanted } from './complete-words.ts';

const bash = `# bash completion of supervisorctl; use: source <(supervisorctl completion bash)
_supervisorctl() {
  local line="\${COMP_LINE:0:COMP_POINT}" program="\${1/#\\~/$HOME}" words word candidate prefix
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  word="\${words[\${#words[@]} - 1]}"
  COMPREPLY=()
  while IFS=$'\\t' read -r candidate _; do
    COMPREPLY+=("$candidate")
  done < <("$program" completion --words "\${words[@]:1}" 2>/dev/null)
  if [[ \${COMPREPLY[0]-} == '${filesWanted}' ]]; then
    COMPREPLY=()
    compopt -o default 2>/dev/null
  elif [[ $word == *:* && $COMP_WORDBREAKS == *:* ]]; then
    # Only what stands behind the last colon is replaced.
    prefix="\${word%"\${word##*:}"}"
    COMPREPLY=("\${COMPREPLY[@]#"$prefix"}")
  fi
}
complete -F _supervisorctl supervisorctl
`;

const zsh = `#compdef supervisorctl
# zsh completion of supervisorctl; use: source <(supervisorctl completion zsh), behind compinit
_supervisorctl() {
  local -a answers candidates
  local answer
  answers=("\${(@f)$("\${words[1]/#\\~/$HOME}" completion --words "\${(@)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}")
  if [[ $answers[1] == '${filesWanted}' ]]; then
    _files
    return
  fi
  for answer in $answers; do
    candidates+=("\${\${answer%%$'\\t'*}//:/\\\\:}:\${answer#*$'\\t'}")
  done
  _describe 'supervisorctl' candidates
}
compdef _supervisorctl supervisorctl
`;

const fish = `# fish completion of supervisorctl; use: supervisorctl completion fish > ~/.config/fish/completions/supervisorctl.fish
function __supervisorctl_words
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    $words[1] completion --words $words[2..-1] "$current" 2>/dev/null | string match -v '${filesWanted}*'
end
complete -c supervisorctl -f -a '(__supervisorctl_words)'
complete -c supervisorctl -s c -l configuration -r -F
complete -c supervisorctl -s r -l history_file -r -F
`;

/** By shell. */
export const completionScripts: Readonly<Record<string, string>> = { bash, zsh, fish };
