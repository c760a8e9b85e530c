/** Options of `[include]`, `[rpcinterface:x]` and `[ctlplugin:x]`. */
import { required } from './option.ts';
import { text } from './words.ts';

export const includeOptions = {
  files: required({
    convert: text,
    meaning:
      'Patterns of files to read as well, with blanks between them, relative to this file. What they match is read in alphabetical order. Included files cannot include others.',
    example: 'relative/directory/*.ini',
  }),
};

export const rpcInterfaceOptions = {
  'supervisor.rpcinterface_factory': required({
    convert: text,
    meaning:
      'What makes the interface: the stock one, or a function of an ES module as `./file.mjs:name` or `package:name`. All other options of the section are handed to it.',
    example: 'supervisor.rpcinterface:make_main_rpcinterface',
  }),
};

export const ctlPluginOptions = {
  'supervisor.ctl_factory': required({
    convert: text,
    meaning: 'What adds commands to supervisorctl. All other options of the section are handed to it.',
    example: './commands.mjs:make',
  }),
};
