/**
 * The Node.js side of the local run: one process, in which each run of a script gets a fresh context.
 *
 * Lines of JSON come in by standard input and go out by standard output. A line that begins with "!" starts a run, also
 * in the middle of another one; any other line is the answer to the call that was written last.
 */
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const PRELUDE = 'prelude.js';
const prelude = new vm.Script(fs.readFileSync(path.join(__dirname, PRELUDE), 'utf8'), { filename: PRELUDE });
// Only code that is evaluated ends by a timeout, so the run is begun by a line of code; nothing of it stays visible.
const begin = new vm.Script("(() => { const go = globalThis['\\0']; delete globalThis['\\0']; return go(); })()", {
  filename: PRELUDE,
});

const chunk = Buffer.allocUnsafe(1 << 20);
let rest = Buffer.alloc(0);

/** The next line without its end; the process ends where no more come. */
function readLine() {
  const parts = [];
  for (;;) {
    const end = rest.indexOf(10);
    if (end >= 0) {
      parts.push(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
      // Everything beyond ASCII is escaped, and this is the fastest way from bytes to a string.
      return (parts.length === 1 ? parts[0] : Buffer.concat(parts)).latin1Slice();
    }
    if (rest.length) parts.push(rest);
    const count = readSome();
    if (count === 0) process.exit(0);
    rest = Buffer.from(chunk.subarray(0, count));
  }
}

function readSome() {
  for (;;) {
    try {
      return fs.readSync(0, chunk, 0, chunk.length, null);
    } catch (error) {
      if (error.code === 'EOF') return 0; // how Windows says that the other side closed
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

function writeLine(text) {
  const bytes = Buffer.from(`${text}\n`);
  for (let at = 0; at < bytes.length; ) at += fs.writeSync(1, bytes, at);
}

/** Hands a call over and waits for its answer; meanwhile another run may be asked for. */
function exchange(text) {
  writeLine(text);
  for (;;) {
    const line = readLine();
    if (line[0] !== '!') return line;
    run(JSON.parse(line.slice(1)));
  }
}

const compiled = new Map(); // digest of a project's files → its scripts

/** The scripts of a project. They are compiled once; a file that cannot be parsed throws. */
function scriptsOf(job) {
  if (job.forget) compiled.clear();
  if (job.files) {
    const scripts = job.files.map((file) => new vm.Script(file.source, { filename: file.name }));
    compiled.set(job.digest, scripts);
  }
  return compiled.get(job.digest);
}

function run(job) {
  let done;
  try {
    process.env.TZ = job.zone; // Node.js looks at it again whenever it is set
    const scripts = scriptsOf(job);
    const context = vm.createContext({}, { microtaskMode: 'afterEvaluate' });
    const machine = prelude.runInContext(context)(exchange, writeLine, job.setting);
    const ends = Date.now() + job.timeout;
    for (const script of scripts) script.runInContext(context, { timeout: Math.max(1, ends - Date.now()) });
    context['\0'] = machine.start;
    begin.runInContext(context, { timeout: Math.max(1, ends - Date.now()) });
    done = machine.finish();
  } catch (error) {
    // Timeouts, syntax errors and what the top of a file throws.
    const timeout = error?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
    const told = { name: String(error?.name), message: String(error?.message), stack: String(error?.stack) };
    done = JSON.stringify({ done: timeout ? { timeout } : { error: told } });
  }
  writeLine(done);
}

for (;;) {
  run(JSON.parse(readLine().slice(1)));
}
