/**
 * The sign of life that each run leaves on the spreadsheet, and whether this spreadsheet is the one that was set up.
 */

/** The keys of the store that say where and for whom the CRM runs by itself. */
const SET_UP_KEYS = { spreadsheet: 'spreadsheet', owner: 'owner', secret: 'secret', jobs: 'jobs' };
/** Minutes between two runs. */
const RUN_EVERY = 60;

/**
 * Where a run finds itself: `here`, where it was set up; `new`, nobody has set it up; `copy`, the set-up belongs to
 * another spreadsheet, of which this one is a copy.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @returns {'here' | 'new' | 'copy'}
 */
function placeOf(services, config, book) {
  const noted = services.store().get(SET_UP_KEYS.spreadsheet);
  if (noted) return noted === book.id() ? 'here' : 'copy';
  // A copy of a file comes without the script's properties, but with its marks.
  const beat = readHeartbeat(services, config);
  return beat && beat.spreadsheet && beat.spreadsheet !== book.id() ? 'copy' : 'new';
}

/**
 * @typedef {object} Beat
 * @property {string} at an ISO moment
 * @property {string} owner
 * @property {number} triggers
 * @property {string} mail_mode
 * @property {string} spreadsheet
 * @property {number} every
 * @property {number} unknown mails of which nobody knows whether they arrived
 * @property {JobError[]} errors
 */

/**
 * The latest sign of life; null for none.
 *
 * @param {Services} services
 * @param {Config} config
 * @returns {Beat | null}
 */
function readHeartbeat(services, config) {
  const [found] = services.spreadsheet().createDeveloperMetadataFinder().withKey(config.marks.heartbeat).find();
  try {
    const beat = JSON.parse(found?.getValue() ?? '');
    return beat && typeof beat === 'object' && typeof beat.at === 'string' ? beat : null;
  } catch (error) {
    return null;
  }
}

/**
 * Leaves a sign of life: the doctor on anybody's computer reads it.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {Book} book
 * @param {Choices} settings
 * @param {JobError[]} errors
 */
function leaveHeartbeat(services, config, book, settings, errors) {
  const triggers = services.triggers().list().length;
  const mode = !hasMail(config) || settings.mail_paused ? 'off' : settings.mail_mode;
  // A spreadsheet's marks share 30,000 characters.
  const told = errors.slice(-5).map((one) => ({ ...one, message: one.message.slice(0, 160) }));
  /** @type {Beat} */
  const beat = {
    at: services.now().toISOString(),
    owner: services.store().get(SET_UP_KEYS.owner) ?? '',
    triggers,
    mail_mode: mode,
    spreadsheet: book.id(),
    every: RUN_EVERY,
    unknown: hasMail(config) ? unknownCount(config, book, settings.mail_mode) : 0,
    errors: told,
  };
  services.store().mark(config.marks.heartbeat, JSON.stringify(beat));
}
