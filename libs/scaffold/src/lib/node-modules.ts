/** Modules of Node whose names a package could have, as text: a browser scaffolds too, and knows no `builtinModules`. */
export const NODE_MODULES: ReadonlySet<string> = new Set(
  (
    'assert buffer cluster console constants crypto dgram dns domain events fs http http2 https inspector module net os path ' +
    'process punycode querystring readline repl stream sys timers tls tty url util v8 vm wasi zlib'
  ).split(' '),
);
