/**
 * Finishing the set-up, taking it back, and pausing all mail: what a person does once, in the menu.
 */

/** The entry point that runs every hour. */
const DISPATCH = 'dispatch';
/** How long somebody who clicked waits for a run that is under way, in milliseconds. */
const CLICK_PATIENCE = 20000;
/** After so long without a run the trigger is taken for one that Google has disabled, and made anew. */
const SILENT_MILLISECONDS = 6 * 3600000;

/**
 * Shows what will run by itself and, if agreed to, sees to it. Done twice it changes nothing more.
 *
 * @param {Services} services
 * @param {Config} config
 */
function runFinishSetUp(services, config) {
  const words = config.words.setup;
  const title = config.words.menu.finish_set_up;
  const ui = services.ui();
  const book = services.book();
  const state = setUpState(services, config, book);
  const here = state.place === 'here';
  const ran = lastRun_(services, config);
  const silent = here && ran !== null && services.now().getTime() - ran.getTime() > SILENT_MILLISECONDS;
  const last = ran ? filled(words.last, momentText_(config, ran)) : '';
  if (here && state.mine && state.triggers.length === 1 && ran && !silent) {
    const errors = readJobState(services.store().get(SET_UP_KEYS.jobs)).errors;
    const wrong = errors.length ? filled(words.wrong, errors.map((one) => one.message).join(' ')) : '';
    const told = [words.there, last, wrong, setUpMode_(config, state.settings)].filter(Boolean);
    ui.alert(title, told.join('\n\n'), ui.ButtonSet.OK);
    return;
  }
  const warning =
    state.place === 'copy' ? words.copy : here && !state.mine ? filled(words.other, state.owner) : silent ? last : '';
  const told = [warning, hasMail(config) ? words.will : words.will_bare, setUpMode_(config, state.settings), words.ask].filter(Boolean).join('\n\n');
  if (ui.alert(title, told, ui.ButtonSet.YES_NO) !== ui.Button.YES) return;
  const lock = services.lock();
  if (!lock.take(CLICK_PATIENCE)) {
    ui.alert(title, words.busy, ui.ButtonSet.OK);
    return;
  }
  try {
    setUp_(services, config, book, state.place, silent);
  } finally {
    lock.free();
  }
  const done = filled(words.done, config.words.menu.remove_set_up);
  ui.alert(title, [done, setUpMode_(config, state.settings)].join('\n\n'), ui.ButtonSet.OK);
}

/**
 * `mine`: whoever asks has set it up, or nobody knows who did; `triggers`: one's own, that run the dispatcher.
 *
 * @typedef {object} SetUpState
 * @property {'here' | 'new' | 'copy'} place
 * @property {string} owner
 * @property {boolean} mine
 * @property {{id: string, entry: string}[]} triggers
 * @property {Choices} settings
 * @property {SettingProblem[]} problems
 */

/**
 * What is there of the set-up, for whoever asks.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @returns {SetUpState}
 */
function setUpState(services, config, book) {
  const owner = services.store().get(SET_UP_KEYS.owner) ?? '';
  const user = services.user();
  const triggers = services.triggers().list().filter((one) => one.entry === DISPATCH);
  const mine = !owner || !user || owner.toLowerCase() === user.toLowerCase();
  return { place: placeOf(services, config, book), owner, mine, triggers, ...checkedSettings(config, book.settings()) };
}

/**
 * Killed anywhere it leaves something that the next click completes: what lets mail go out is noted before the trigger.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {'here' | 'new' | 'copy'} place
 * @param {boolean} silent whether the trigger that is there does not work any more
 */
function setUp_(services, config, book, place, silent) {
  const store = services.store();
  // A copy has ways out of its own: links in mails of the original lead to the original.
  makeSecret(services, place === 'copy');
  if (place === 'copy') for (const key of [SET_UP_KEYS.jobs, FIRST_LIVE]) store.remove(key);
  store.set(SET_UP_KEYS.owner, services.user());
  store.set(SET_UP_KEYS.spreadsheet, book.id());
  if (silent) removeTriggers_(services);
  const [first, ...others] = services.triggers().list().filter((one) => one.entry === DISPATCH);
  for (const one of others) services.triggers().remove(one.id);
  if (!first) services.triggers().make(DISPATCH);
  leaveHeartbeatNow_(services, config, book);
}

/**
 * What links and pages are signed with, made where there is none.
 *
 * @param {Services} services
 * @param {boolean} [anew] whether another one takes the place of one that is there
 * @returns {string}
 */
function makeSecret(services, anew = false) {
  const there = anew ? null : services.store().get(SET_UP_KEYS.secret);
  if (there) return there;
  const secret = `${services.random()}${services.random()}`.replace(/-/g, '');
  services.store().set(SET_UP_KEYS.secret, secret);
  return secret;
}

/**
 * @param {Services} services
 * @param {Config} config
 * @returns {Date | null}
 */
function lastRun_(services, config) {
  const moment = new Date(readHeartbeat(services, config)?.at ?? NaN);
  return Number.isNaN(moment.getTime()) ? null : moment;
}

/**
 * @param {Config} config
 * @param {Date} moment
 * @returns {string}
 */
function momentText_(config, moment) {
  const time = [moment.getHours(), moment.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':');
  const text = `${calendarText(config, dayOfMoment(moment))} ${time}`;
  return config.digits === 'persian' ? persianDigits(text) : text;
}

/**
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 */
function leaveHeartbeatNow_(services, config, book) {
  const { settings } = checkedSettings(config, book.settings());
  const state = readJobState(services.store().get(SET_UP_KEYS.jobs));
  leaveHeartbeat(services, config, book, settings, state.errors);
}

/**
 * Whom mail goes to as the settings stand, as a sentence.
 *
 * @param {Config} config
 * @param {Choices} settings
 * @returns {string}
 */
function setUpMode_(config, settings) {
  const words = config.words.setup;
  if (!hasMail(config)) return words.mail_none;
  if (settings.mail_paused) return words.mail_paused;
  if (settings.mail_mode === 'live') return words.mail_live;
  return settings.mail_mode === 'test' ? words.mail_test : words.mail_off;
}

/**
 * Nothing runs by itself any more; what was sent stays noted, and links for unsubscribing go on working.
 *
 * @param {Services} services
 * @param {Config} config
 */
function runRemoveSetUp(services, config) {
  const words = config.words.setup;
  const title = config.words.menu.remove_set_up;
  const ui = services.ui();
  const asked = filled(words.remove_ask, config.words.menu.finish_set_up);
  if (ui.alert(title, asked, ui.ButtonSet.YES_NO) !== ui.Button.YES) return;
  const book = services.book();
  const here = placeOf(services, config, book) === 'here';
  removeTriggers_(services);
  services.store().remove(SET_UP_KEYS.spreadsheet);
  services.store().remove(SET_UP_KEYS.owner);
  if (here) leaveHeartbeatNow_(services, config, book);
  ui.alert(title, words.removed, ui.ButtonSet.OK);
}

/**
 * Removes the dispatcher's triggers of whoever runs this.
 *
 * @param {Services} services
 */
function removeTriggers_(services) {
  const triggers = services.triggers();
  for (const one of triggers.list()) if (one.entry === DISPATCH) triggers.remove(one.id);
}

/**
 * No mail goes out until it is resumed: the settings say so too, where it can be changed as well.
 *
 * @param {Services} services
 * @param {Config} config
 */
function runPauseMail(services, config) {
  services.ui(); // refused where nobody is at the sheet
  setPaused_(services, config, true, config.words.setup.paused);
}

/**
 * @param {Services} services
 * @param {Config} config
 */
function runResumeMail(services, config) {
  services.ui();
  const { settings } = checkedSettings(config, services.book().settings());
  const mode = setUpMode_(config, { ...settings, mail_paused: false });
  setPaused_(services, config, false, `${config.words.setup.resumed} ${mode}`);
}

/**
 * @param {Services} services
 * @param {Config} config
 * @param {boolean} paused
 * @param {string} done
 */
function setPaused_(services, config, paused, done) {
  const gone = services.book().write('settings', 'key', [{ id: 'mail_paused', column: 'value', value: paused }]);
  services.book().flush();
  services.toast(gone.length ? filled(config.words.setup.no_row, gone[0]) : done);
}
