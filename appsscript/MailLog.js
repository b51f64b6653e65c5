/**
 * The mail log as facts: which step reached whom, when an address got its last mail, how many went out on a day.
 */

/**
 * What the log says. In mode test it is the log of the rehearsal, otherwise that of what contacts really got.
 *
 * @typedef {object} MailHistory
 * @property {Map<string, string>} keys the status of each key of a send
 * @property {Map<string, number>} steps the day of `step:contact:occasion`, whatever the address was
 * @property {Map<string, number>} reached the day of `step:occasion:address`, whoever the contact was
 * @property {Map<string, number>} templates the day of `template:address`, of rows whose key was lost
 * @property {Map<string, number>} spaced the day of the last mail to an address
 * @property {Map<number, number>} counts how many went out on a day
 */

/**
 * A row of the log as people read it.
 *
 * @typedef {{key: string, email: string, contact: string, template: string, subject: string, day: number, status: string}} LoggedMail
 */

/** A key or an id of more signs is none: the journal of a batch holds the keys of its mails, and takes few bytes. */
const MOST_KEY = 100;
/** What goes before the key of a mail that was sent for a test: it does not count as sent. */
const TEST_KEY = 'test:';

/** The statuses of a mail that went out, or may have: one that is claimed or unknown counts as sent. */
const GONE_STATUSES = ['claimed', 'sent', 'unknown'];
/** The statuses after which a sequence goes on with its next step: people may have one skipped. */
const PASSED_STATUSES = [...GONE_STATUSES, 'skipped'];

/**
 * The key of a send to a contact.
 *
 * @param {string} step the key of a step of a sequence
 * @param {string} contact id
 * @param {string} occasion "" for what happens once
 * @param {string} address
 * @returns {string}
 */
function sendKey(step, contact, occasion, address) {
  // What separates the parts cannot stand inside of one; and a key has one spelling, as it is looked up by that.
  const plain = [step, contact, occasion].map((part) => latinDigits(normalLine(part, 'fa')).replace(/[:\s]+/g, '_'));
  return [...plain, addressKey(address)].join(':');
}

/**
 * An address as it is compared: people write it in capitals, and pasting brings signs that nobody sees. Spaces inside
 * stay: two things in one cell are no address.
 *
 * @param {any} value
 * @returns {string}
 */
function addressKey(value) {
  return String(value ?? '')
    .replace(/[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
    .trim()
    .toLowerCase();
}

/**
 * Every address that a cell may mean, as those are compared: people write a name before it, or several into one cell.
 * Rather one too many, as these are the addresses that get no mail.
 *
 * @param {any} value
 * @returns {string[]}
 */
function heldAddresses(value) {
  const whole = addressKey(value);
  if (!whole) return [];
  const parts = whole.replace(/\s*@\s*/g, '@').match(/[^\s@<>"'(),;:|[\]\u060c\u061b]+@[^\s@<>"'(),;:|/[\]\u060c\u061b]+/g) ?? [];
  const plain = parts.map((part) => part.replace(/\.+$/, ''));
  return [whole, whole.replace(/\s+/g, ''), ...plain, ...plain.map((part) => part.replace(/^[^\p{L}\p{N}]+/u, ''))];
}

/**
 * Whether a text is one address that mail can be sent to. Narrower than the standard: what is odd is left to people.
 *
 * @param {string} text what `addressKey` gives
 * @returns {boolean}
 */
function isAddress(text) {
  if (text.length > 254 || text.indexOf('@') > 64 || text.includes('..')) return false;
  return /^[a-z0-9!#$%&'*+/=?^_`{|}~-][a-z0-9!#$%&'*+/=?^_`{|}~.-]*(?<!\.)@[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*[a-z0-9]$/.test(text);
}

/**
 * The facts of the log. One pass: it may have 100,000 rows.
 *
 * @param {Config} config
 * @param {Table | null} table
 * @param {string} mode test or any other
 * @returns {MailHistory}
 */
function mailHistory(config, table, mode) {
  /** @type {MailHistory} */
  const history = { keys: new Map(), steps: new Map(), reached: new Map(), templates: new Map(), spaced: new Map(), counts: new Map() };
  for (const mail of loggedMails(config, table)) {
    const test = mail.key.startsWith(TEST_KEY) || (mail.status === 'test' && mail.key.split(':').length !== 4);
    if (test !== (mode === 'test')) continue;
    const key = mail.key.startsWith(TEST_KEY) ? mail.key.slice(TEST_KEY.length) : mail.key;
    const status = mail.status === 'test' ? 'sent' : mail.status;
    noteMail(history, { key, status, day: mail.day, email: test ? '' : mail.email, template: mail.template });
  }
  return history;
}

/**
 * Adds a mail to the facts, whether from the log or just sent. A key that comes twice counts once.
 *
 * @param {MailHistory} history
 * @param {{key: string, status: string, day: number, email?: string, template?: string}} mail
 */
function noteMail(history, { key, status, day, email, template }) {
  const gone = GONE_STATUSES.includes(status);
  const parts = key.split(':');
  const isLost = parts.length !== 4 && !isInternalKey(key);
  // Keys that were overwritten may all be the same: each such row counts.
  const before = isLost ? '' : history.keys.get(key) ?? '';
  if (!before || gone) history.keys.set(key, status);
  const [step, contact, occasion] = parts.length === 4 ? parts : ['', '', ''];
  const address = addressKey(parts.length === 4 ? parts[3] : email);
  if (isLost && address && PASSED_STATUSES.includes(status)) noteLater_(history.templates, templateKey(template ?? '', address), day);
  if (step && PASSED_STATUSES.includes(status)) {
    noteLater_(history.steps, `${step}:${contact}:${occasion}`, day);
    noteLater_(history.reached, `${step}:${occasion}:${address}`, day);
  }
  if (!gone || isInternalKey(key)) return;
  noteLater_(history.spaced, address, day);
  if (!GONE_STATUSES.includes(before)) history.counts.set(day, (history.counts.get(day) ?? 0) + 1);
}

/**
 * A template and an address as the log knows them together.
 *
 * @param {string} template
 * @param {string} address
 * @returns {string}
 */
function templateKey(template, address) {
  return `${plainLine(template, MOST_KEY).toLowerCase()}:${address}`;
}

/**
 * Whether the key of a send is that of a mail to the team.
 *
 * @param {string} key
 * @returns {boolean}
 */
function isInternalKey(key) {
  return /^(digest|report):[^:]*:[^:]*$/.test(key);
}

/**
 * @param {Map<string, number>} map
 * @param {string} key
 * @param {number} day
 */
function noteLater_(map, key, day) {
  if (key) map.set(key, Math.max(day, map.get(key) ?? 0));
}

/**
 * What the rows say, one by one: a log may be long.
 *
 * @param {Config} config
 * @param {Table | null} table
 * @returns {Generator<LoggedMail>}
 */
function* loggedMails(config, table) {
  if (!table) return;
  /** @type {Map<string, string>} */
  const statuses = new Map([['', 'claimed']]);
  // Where people deleted the header, a mail stands in its place. The header's own titles are no address.
  const isMail = table.head && isAddress(addressKey(cell(table, table.head, 'email')));
  for (const row of isMail ? [table.head ?? [], ...table.rows] : table.rows) {
    const of = (/** @type {string} */ column) => text(cell(table, row, column));
    const key = of('key');
    const title = of('status');
    if (!key && !(title && of('email'))) continue;
    // A status that nobody knows was typed by people. What may have been sent is not sent again.
    if (!statuses.has(title)) statuses.set(title, choiceKey(config, 'mail_status', title) || 'sent');
    const found = statuses.get(title) ?? 'sent';
    // Nothing can be written into what counts as the header, or looked up without a key.
    const status = found === 'claimed' && (!key || row === table.head) ? 'unknown' : found;
    const day = mailDay(table, row, 'sent_at') ?? 0;
    const [email, contact, template, subject] = [of('email'), of('customer'), of('template'), of('subject')];
    yield { key, email, contact, template, subject, day, status };
  }
}

/**
 * The mails of which nobody knows whether they arrived. They are never sent again by themselves.
 *
 * @param {Config} config
 * @param {Table | null} table the log
 * @returns {LoggedMail[]}
 */
function unknownMails(config, table) {
  return [...loggedMails(config, table)].filter((mail) => mail.status === 'unknown');
}

/**
 * A cell as a day, whether it holds a date, a number or a text that people typed; null for none.
 *
 * @param {Table} table
 * @param {any[]} row
 * @param {string} column
 * @returns {number | null}
 */
function mailDay(table, row, column) {
  const value = cell(table, row, column);
  return dayOf(value) ?? meantDay(value);
}

/**
 * Whether a box is ticked, or says so as a text.
 *
 * @param {Table} table
 * @param {any[]} row
 * @param {string} column
 * @returns {boolean}
 */
function mailTick(table, row, column) {
  return text(cell(table, row, column)).toLowerCase() === 'true';
}
