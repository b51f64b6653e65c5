/**
 * What stands in a context before the script: its clock, its log, and proxies for the objects that Python holds.
 *
 * Evaluated inside the context, so that every value a script sees is of its own realm. Two functions of the host are
 * known here and nowhere else.
 */
(exchange, tell, settingText) => {
  'use strict';

  const TAG = '\0'; // the key that marks a value JSON does not know
  const MARKED = '"\\u0000":';
  const { isArray } = Array;
  const { parse, stringify } = JSON;

  let clock = 0; // milliseconds; moves with every answer
  let dead = false; // the run has ended: whatever the script still does reaches nobody
  let result = stringify({ done: {} });

  // -- values ----------------------------------------------------------------------------------------------------

  const shapes = new Map(); // number → what objects of a kind have
  const proxies = new Map(); // reference → proxy
  const references = new WeakMap(); // proxy → reference

  function revived(value) {
    if (value === null || typeof value !== 'object') return value;
    const tag = isArray(value) ? undefined : value[TAG];
    if (tag === undefined) {
      for (const key of Object.keys(value)) {
        const one = value[key];
        if (one !== null && typeof one === 'object') value[key] = revived(one);
      }
      return value;
    }
    if (tag === 'date') return new RealDate(value.v);
    return proxyOf(value);
  }

  function received(text) {
    const value = parse(text);
    return text.includes(MARKED) ? revived(value) : value;
  }

  function plain(value) {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        return Number.isFinite(value) ? value : { [TAG]: 'number', v: String(value) };
      case 'undefined':
        return null;
      case 'object':
        break;
      default:
        throw new TypeError(`A ${typeof value} cannot be handed to a service.`);
    }
    if (value === null) return null;
    if (isArray(value)) {
      const made = new Array(value.length);
      for (let i = 0; i < made.length; i++) made[i] = plain(value[i]);
      return made;
    }
    const reference = references.get(value);
    if (reference !== undefined) return { [TAG]: 'object', v: reference };
    if (value instanceof RealDate) return { [TAG]: 'date', v: value.getTime() };
    if (ArrayBuffer.isView(value)) return Array.from(value);
    const made = {};
    for (const key of Object.keys(value)) if (value[key] !== undefined && key !== TAG) made[key] = plain(value[key]);
    return made;
  }

  // -- objects that Python holds -----------------------------------------------------------------------------------

  function proxyOf(told) {
    const known = proxies.get(told.v);
    if (known) return known;
    if (told.shape) shapes.set(told.kind, shapeOf(told.shape));
    const shape = shapes.get(told.kind);
    const proxy = new Proxy({}, handlerOf(told, shape));
    proxies.set(told.v, proxy);
    references.set(proxy, told.v);
    return proxy;
  }

  function shapeOf(told) {
    const methods = new Map(told.methods.map((name) => [name, methodOf(name)]));
    return { ...told, methods, constants: revived(told.constants) };
  }

  function methodOf(name) {
    const call = function (...given) {
      const reference = references.get(this);
      if (reference === undefined) throw new TypeError('Illegal invocation');
      return invoked(reference, name, given, call);
    };
    return call;
  }

  function handlerOf(told, shape) {
    const text = told.text ?? shape.name;
    const fields = told.fields ? revived(told.fields) : {};
    const own = { toString: () => text };
    if (shape.enumerated) own.toJSON = () => text;
    const refuse = (name) => {
      if (shape.refused) throw named(new Error(shape.refused), 'Exception', refuse);
      throw new TypeError(`${shape.name}.${name} is not a function`);
    };
    return {
      get(_, name) {
        const method = shape.methods.get(name);
        if (method) return method;
        if (Object.hasOwn(fields, name)) return fields[name];
        if (Object.hasOwn(shape.constants, name)) return shape.constants[name];
        if (Object.hasOwn(own, name)) return own[name];
        if (name === Symbol.toPrimitive) return () => text;
        // What the language itself asks of any value: to await it, to write it as JSON, to print it.
        if (typeof name === 'symbol' || name === 'then' || name === 'toJSON' || name === 'constructor') return undefined;
        return refuse(name);
      },
      has: (_, name) => shape.methods.has(name) || Object.hasOwn(fields, name) || Object.hasOwn(shape.constants, name),
      ownKeys: () => [],
      set(_, name) {
        throw new TypeError(`Cannot assign to property '${String(name)}' of ${shape.name}`);
      },
      deleteProperty: () => false,
    };
  }

  /** One call: its result, or the error that Python throws, at the line of the script that made the call. */
  function invoked(reference, name, given, from) {
    if (dead) throw stopped();
    const answer = received(exchange(stringify({ call: [reference, name, given.map(plain)] })));
    clock = answer.now;
    if (answer.error) {
      const made = answer.error.name === 'TypeError' ? new TypeError(answer.error.message) : new Error(answer.error.message);
      throw named(made, answer.error.name, from);
    }
    if (answer.ended) {
      dead = true;
      throw stopped();
    }
    return answer.value;
  }

  function named(error, name, from) {
    Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
    Error.captureStackTrace(error, from);
    return error;
  }

  function stopped() {
    clock += 60_000; // a script that tries again until a certain time gets there
    return new Error('The run has ended.');
  }

  /** Stacks name the script's own lines and nothing that stands around it. */
  const around = /^(prelude\.js|node:.*|.*[\\/]host\.js)$/;
  Error.prepareStackTrace = (error, frames) => {
    const own = frames.filter((frame) => !around.test(frame.getFileName() ?? ''));
    return [String(error), ...own.map((frame) => `    at ${frame}`)].join('\n');
  };

  // -- the clock, chance -----------------------------------------------------------------------------------------

  const RealDate = Date;
  function VirtualDate(...given) {
    if (!new.target) return new RealDate(clock).toString();
    return Reflect.construct(RealDate, given.length ? given : [clock], new.target);
  }
  VirtualDate.prototype = RealDate.prototype;
  for (const [name, value] of [
    ['name', 'Date'],
    ['length', 7],
    ['now', () => Math.trunc(clock)],
    ['parse', RealDate.parse],
    ['UTC', RealDate.UTC],
  ]) {
    Object.defineProperty(VirtualDate, name, { value, configurable: true });
  }
  Object.defineProperty(RealDate.prototype, 'constructor', { value: VirtualDate, configurable: true, writable: true });

  /** Numbers that follow from the seed, so that a run can be repeated (xorshift, 32 bits). */
  function chance(seed) {
    let state = seed || 1;
    return () => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) / 2 ** 32;
    };
  }

  // -- the log ---------------------------------------------------------------------------------------------------

  const logged = [];

  function shown(value) {
    if (typeof value === 'string') return value;
    if (value instanceof Error) return value.stack ?? String(value);
    if (typeof value !== 'object' || value === null) return String(value);
    if (references.has(value)) return String(value);
    try {
      return stringify(value);
    } catch {
      return Object.prototype.toString.call(value);
    }
  }

  function log(first, ...given) {
    const start = typeof first === 'string' ? first.replace(/%[sdifoj]/g, (sign) => (given.length ? shown(given.shift()) : sign)) : shown(first);
    const line = [start, ...given.map(shown)].join(' ');
    logged.push(line);
    if (!dead) tell(stringify({ log: line }));
  }

  const Logger = {
    log(...given) {
      log(...given);
      return Logger;
    },
    getLog: () => logged.join('\n'),
    clear: () => void logged.splice(0),
  };
  const quiet = () => undefined;
  const console = { log, info: log, warn: log, error: log, debug: log, time: quiet, timeEnd: quiet };

  // -- the run ---------------------------------------------------------------------------------------------------

  const setting = received(settingText);
  clock = setting.now;
  const globals = { ...setting.services, Date: VirtualDate, Logger, console };
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  }
  Math.random = chance(setting.seed);

  function failed(error) {
    const isError = error instanceof Error;
    const told = isError ? { name: String(error.name), message: String(error.message) } : { name: '', message: shown(error) };
    result = stringify({ done: { error: { ...told, stack: isError ? String(error.stack) : '' } } });
  }

  function returned(value) {
    try {
      result = stringify({ done: { value: plain(value) } });
    } catch {
      result = stringify({ done: { unsupported: true } });
    }
  }

  return {
    start() {
      try {
        const entry = globalThis[setting.entry];
        if (typeof entry !== 'function') throw named(new Error(`Script function not found: ${setting.entry}`), 'Exception');
        const value = entry(...setting.arguments);
        if (value !== null && typeof value === 'object' && typeof value.then === 'function') value.then(returned, failed);
        else returned(value);
      } catch (error) {
        failed(error);
      }
    },
    finish: () => result,
  };
};
