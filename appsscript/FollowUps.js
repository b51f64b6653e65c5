/**
 * Who is due for which mail: the steps of the sequences, beside what the tables say of each contact and the log of mails.
 */

/**
 * A step of a sequence, as its row says.
 *
 * @typedef {{key: string, sequence: string, audience: string, step: number, delay: number, template: string, marketing: boolean, active: boolean}} Step
 */

/**
 * A contact for whom something happened that a sequence may answer to.
 *
 * @typedef {object} Candidate
 * @property {string} audience lead, won or inactive
 * @property {string} table leads or customers
 * @property {string} contact id
 * @property {any[]} row
 * @property {string} address as it is compared
 * @property {string} occasion what happened; "" for what happens once to a contact
 * @property {number} base the day it happened, from which delays count
 * @property {boolean} ended whether nothing more is to be sent
 * @property {number | null} touched the day of the last interaction with the contact
 * @property {Record<string, string>} more merge fields beside those of the row
 */

/**
 * A mail that is due. `reason` is "" or why it cannot be sent whatever else holds: stopped, late or no_column.
 *
 * @typedef {object} Wish
 * @property {string} key of the send
 * @property {string} table
 * @property {string} contact id
 * @property {string} name
 * @property {string} to the address as it is compared
 * @property {string} audience
 * @property {string} sequence
 * @property {string} stepKey
 * @property {number} step
 * @property {string} template
 * @property {string} occasion
 * @property {boolean} marketing
 * @property {boolean} consent
 * @property {number} due day
 * @property {string} reason
 * @property {string} [detail] of the reason
 * @property {Record<string, string>} fields what can be merged into the template, by name
 */

/**
 * The mails that are due on a day, the longest due first, otherwise as the rows stand. Of each contact and occasion one step at a time, so that what
 * holidays or a pause held up goes out once and not in a heap.
 *
 * @param {Config} config
 * @param {Record<string, Table | null>} tables leads, customers, deals, sequences; null for what is gone
 * @param {Choices} settings
 * @param {number} today day
 * @param {MailHistory} history
 * @param {string[]} [audiences] lead, won, inactive; all where nothing is said
 * @returns {Wish[]}
 */
function dueFollowUps(config, tables, settings, today, history, audiences = ['lead', 'won', 'inactive']) {
  const sequences = sequencesOf(config, tables.sequences).filter(([step]) => audiences.includes(step.audience));
  /** @type {Wish[]} */
  const wishes = [];
  for (const audience of audiences) {
    const own = sequences.filter(([step]) => step.audience === audience);
    if (!own.length) continue;
    const missing = missingColumn_(config, tables, audience);
    for (const candidate of candidatesOf_(config, tables, settings, audience)) {
      for (const steps of own) {
        const wish = nextWish_(config, tables, steps, candidate, history, today, settings.mail_late_days, missing);
        if (wish) wishes.push(wish);
      }
    }
  }
  return wishes.sort((one, other) => one.due - other.due);
}

/**
 * The sequences: each its steps in their order. A step is known by its key: where two rows have the same, the first counts.
 *
 * @param {Config} config
 * @param {Table | null} table
 * @returns {Step[][]}
 */
function sequencesOf(config, table) {
  /** @type {Map<string, Step[]>} */
  const sequences = new Map();
  const keys = new Set();
  for (const row of table?.rows ?? []) {
    const of = (/** @type {string} */ column) => text(cell(/** @type {Table} */ (table), row, column));
    const number = (/** @type {string} */ column) => {
      const read = writtenNumber(of(column));
      return read !== null && read >= 0 ? Math.floor(read) : null;
    };
    const [key, audience, delay] = [of('key'), choiceKey(config, 'mail_audience', of('audience')), number('delay_days')];
    // A row that is not finished yet sends nothing, and neither does one whose key is no key.
    if (!key || key.length > MOST_KEY || !audience || delay === null || keys.has(key)) continue;
    keys.add(key);
    const tick = (/** @type {string} */ column) => mailTick(/** @type {Table} */ (table), row, column);
    const step = { key, sequence: of('sequence'), audience, step: number('step') ?? 0, delay, template: of('template') };
    const name = `${audience}:${step.sequence}`;
    const steps = sequences.get(name) ?? [];
    steps.push({ ...step, marketing: tick('marketing'), active: tick('active') });
    sequences.set(name, steps);
  }
  const order = (/** @type {Step} */ one, /** @type {Step} */ other) => one.step - other.step || one.delay - other.delay;
  return [...sequences.values()].map((steps) => steps.sort(order));
}

/**
 * The next step of a contact in a sequence, where it is due; null otherwise.
 *
 * @param {Config} config
 * @param {Record<string, Table | null>} tables
 * @param {Step[]} steps
 * @param {Candidate} candidate
 * @param {MailHistory} history
 * @param {number} today
 * @param {number} late
 * @param {string} missing
 * @returns {Wish | null}
 */
function nextWish_(config, tables, steps, candidate, history, today, late, missing) {
  const { contact, occasion, address, base } = candidate;
  const occasions = occasionsOf_(candidate);
  let last = -1;
  let sent = 0;
  steps.forEach((step, place) => {
    // Who moved to another address, or was entered twice, does not begin anew.
    const days = occasions.map((one) => {
      const [name, who, when, where] = sendKey(step.key, contact, one, address).split(':');
      return Math.max(history.steps.get(`${name}:${who}:${when}`) ?? -1, history.reached.get(`${name}:${when}:${where}`) ?? -1);
    });
    const lost = history.templates.get(templateKey(step.template, address)) ?? -1;
    // Of a mail whose key was lost the occasion is not known; what went out before this one was for another.
    if (!occasion || lost === 0 || lost >= (candidate.audience === 'inactive' ? Number(occasion) : base) - 1) days.push(lost);
    const day = Math.max(...days);
    if (day < 0) return;
    last = place;
    sent = day;
  });
  const place = steps.findIndex((step, number) => number > last && step.active);
  if (place < 0) return null;
  const step = steps[place];
  // The days between two steps stay, also where the former one went out late.
  const due = last < 0 ? base + step.delay : Math.max(base + step.delay, sent + step.delay - steps[last].delay);
  const over = today - due;
  if (over < 0) return null;
  const answered = last >= 0 && candidate.touched !== null && candidate.touched > sent;
  const stopped = candidate.ended || answered;
  const isLate = over > late && !(candidate.audience === 'inactive' && last < 0);
  // What is long past is no news, for as long as it could still matter it is told.
  if (isLate && (stopped || over > 2 * late)) return null;
  const table = /** @type {Table} */ (tables[candidate.table]);
  const fields = mergeFields_(config, table, candidate);
  const reason = stopped ? 'stopped' : isLate ? 'late' : missing ? 'no_column' : '';
  return {
    key: sendKey(step.key, contact, occasion, address),
    table: candidate.table,
    contact,
    name: fields.name ?? '',
    to: address,
    audience: candidate.audience,
    sequence: step.sequence,
    stepKey: step.key,
    step: step.step,
    template: step.template,
    occasion,
    marketing: step.marketing,
    consent: mailTick(table, candidate.row, 'consent'),
    due,
    reason,
    detail: reason === 'no_column' ? missing : '',
    fields,
  };
}

/**
 * The column that is gone and says who of an audience is to be left in peace.
 *
 * @param {Config} config
 * @param {Record<string, Table | null>} tables
 * @param {string} audience
 * @returns {string} "" where none is
 */
function missingColumn_(config, tables, audience) {
  // Who unsubscribed as a customer gets nothing as a lead either.
  const needed = [['customers', 'email'], ['customers', 'unsubscribed'], ...(audience === 'lead' ? [['leads', 'status']] : [])];
  const gone = needed.find(([key, column]) => {
    const table = tables[key];
    return table && !has(table, column);
  });
  return gone ? `${sheetConfig(config, gone[0])?.title ?? gone[0]}, ${gone[1]}` : '';
}

/**
 * The occasions under which the log may know that of a candidate: a day is read as its neighbour where the spreadsheet's
 * time zone was changed since.
 *
 * @param {Candidate} candidate
 * @returns {string[]}
 */
function occasionsOf_({ audience, occasion }) {
  const day = Number(occasion);
  return audience === 'inactive' ? [occasion, String(day - 1), String(day + 1)] : [occasion];
}

/**
 * @param {Config} config
 * @param {Record<string, Table | null>} tables
 * @param {Choices} settings
 * @param {string} audience
 * @returns {Candidate[]}
 */
function candidatesOf_(config, tables, settings, audience) {
  if (audience === 'lead') return leadCandidates_(config, tables.leads);
  if (audience === 'won') return wonCandidates_(config, tables.customers, tables.deals);
  return audience === 'inactive' ? inactiveCandidates_(tables.customers, settings) : [];
}

/**
 * @param {Config} config
 * @param {Table | null} table leads
 * @returns {Candidate[]}
 */
function leadCandidates_(config, table) {
  if (!table) return [];
  return table.rows.flatMap((row) => {
    const contact = text(cell(table, row, 'id'));
    const base = mailDay(table, row, 'contact_date') ?? mailDay(table, row, 'created_at');
    if (!contact || contact.length > MOST_KEY || base === null) return [];
    const status = text(cell(table, row, 'status'));
    const known = choiceKey(config, 'lead_status', status);
    // A status that nobody knows may be another word for lost.
    const isClosed = status !== '' && ['converted', 'lost', ''].includes(known);
    // A date of a reply that cannot be read is a reply all the same.
    const ended = isClosed || text(cell(table, row, 'replied_on')) !== '';
    const more = { product: text(cell(table, row, 'interest')) };
    const address = addressKey(cell(table, row, 'email'));
    return [{ audience: 'lead', table: 'leads', contact, row, address, occasion: '', base, ended, touched: null, more }];
  });
}

/**
 * @param {Config} config
 * @param {Table | null} customers
 * @param {Table | null} deals
 * @returns {Candidate[]}
 */
function wonCandidates_(config, customers, deals) {
  if (!customers || !deals) return [];
  const known = byId(customers);
  return deals.rows.flatMap((deal) => {
    if (choiceKey(config, 'deal_stage', cell(deals, deal, 'stage')) !== 'won') return [];
    const occasion = text(cell(deals, deal, 'id'));
    const base = mailDay(deals, deal, 'closed_on');
    const contact = text(cell(deals, deal, 'customer_id'));
    const row = known.get(contact);
    if (!occasion || occasion.length > MOST_KEY || contact.length > MOST_KEY || base === null || !row) return [];
    const more = { product: text(cell(deals, deal, 'product')) };
    return [{ ...customerCandidate_(customers, row, contact), audience: 'won', occasion, base, more }];
  });
}

/**
 * Customers who have not bought for long: of several with one address the one who bought last speaks for all.
 *
 * @param {Table | null} customers
 * @param {Choices} settings
 * @returns {Candidate[]}
 */
function inactiveCandidates_(customers, settings) {
  const days = settings.inactive_days;
  if (!customers || !(days > 0)) return [];
  /** @type {Map<string, Candidate>} */
  const byAddress = new Map();
  for (const row of customers.rows) {
    const contact = text(cell(customers, row, 'id'));
    const bought = mailDay(customers, row, 'last_purchase');
    if (!contact || contact.length > MOST_KEY || bought === null) continue;
    const one = customerCandidate_(customers, row, contact);
    const more = { product: text(cell(customers, row, 'last_product')) };
    const address = one.address || contact;
    const former = byAddress.get(address);
    if (former && Number(former.occasion) >= bought) continue;
    byAddress.set(address, { ...one, audience: 'inactive', occasion: String(bought), base: bought + days + 1, more });
  }
  return [...byAddress.values()];
}

/**
 * @param {Table} customers
 * @param {any[]} row
 * @param {string} contact
 * @returns {Candidate}
 */
function customerCandidate_(customers, row, contact) {
  const address = addressKey(cell(customers, row, 'email'));
  const touched = mailDay(customers, row, 'last_contact');
  const ended = false; // who unsubscribed is told apart, since that holds for an address
  return { audience: '', table: 'customers', contact, row, address, occasion: '', base: 0, ended, touched, more: {} };
}

/**
 * What can be merged: the texts and numbers of the row under the keys of its columns, and what mails speak of.
 *
 * @param {Config} config
 * @param {Table} table
 * @param {Candidate} candidate
 * @returns {Record<string, string>}
 */
function mergeFields_(config, table, candidate) {
  /** @type {Record<string, string>} */
  const fields = {};
  for (const column of Object.keys(table.columns)) {
    const value = cell(table, candidate.row, column);
    if (typeof value === 'number') fields[column] = numberText(value, config.digits);
    else if (typeof value === 'string') fields[column] = value.trim();
  }
  // In a mail the company is the one that writes.
  return { ...fields, ...candidate.more, customer_company: fields.company ?? '', company: config.name };
}
