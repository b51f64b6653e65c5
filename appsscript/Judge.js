/**
 * Who of those that are due may get their mail, and why the others may not.
 */

/**
 * A mail that is ready to be sent. `internal`: to the team, not to a contact.
 *
 * @typedef {object} Message
 * @property {string} key of the send
 * @property {string} to
 * @property {string} subject
 * @property {string} text
 * @property {string} html
 * @property {string} [name] of the sender
 * @property {string} [replyTo]
 * @property {boolean} [internal]
 * @property {string} [template]
 * @property {string} [contact] how the log calls whom it is for
 */

/**
 * What decides beside the wishes themselves.
 *
 * @typedef {object} MailFacts
 * @property {Choices} settings
 * @property {Date} now
 * @property {MailHistory} history
 * @property {Set<string>} suppressed addresses that never get mail
 * @property {Set<string>} unsubscribed addresses of customers who want none
 * @property {Map<string, Template>} templates those that are active
 * @property {string} user who runs the script
 * @property {string} guard copy or not_set_up where this is not the spreadsheet that was set up; "" where it is
 * @property {boolean} log whether the log is there
 * @property {boolean} first whether nothing has gone to contacts yet
 * @property {number} left mails that may still be sent today, without the reserve
 * @property {(address: string) => string} link for unsubscribing; "" where there is none
 * @property {boolean} linked whether `link` has any
 * @property {string} replies the address whose answers are read; "" where nobody reads them
 */

/**
 * @typedef {{wish: Wish, reason: string, detail: string}} NotSent
 */

/**
 * The mails to send, in the order of their wishes, and why all others are not sent. Reasons are keys of words.
 *
 * @param {Config} config
 * @param {Wish[]} wishes
 * @param {MailFacts} facts
 * @returns {{send: Message[], not: NotSent[], wished: Wish[]}} `wished`: those of `send`
 */
function judged(config, wishes, facts) {
  const { settings } = facts;
  const today = dayOfMoment(facts.now);
  const general = generalReason_(config, facts);
  // What is chosen here counts at once: two contacts may have one address.
  const spaced = new Map(facts.history.spaced);
  const taken = new Set();
  let room = Math.max(0, settings.mail_daily_cap - (facts.history.counts.get(today) ?? 0));
  // A test is read by one person, a first run by few: neither floods anybody.
  const few = settings.mail_mode === 'test' || (facts.first && settings.mail_mode === 'live');
  let first = few ? settings.mail_first_live : Infinity;
  let quota = Math.max(0, facts.left);
  /** @type {Message[]} */
  const send = [];
  /** @type {NotSent[]} */
  const not = [];
  /** @type {Wish[]} */
  const wished = [];
  for (const wish of wishes) {
    const mail = mailOf_(config, wish, facts);
    const twin = `${wish.stepKey}:${wish.occasion}:${wish.to}`;
    const [reason, detail = ''] =
      ownReason_(wish, facts) ??
      (taken.has(twin) ? ['already'] : null) ??
      mail.reason ??
      spacingReason_(settings, spaced.get(wish.to), today) ??
      (general ? [general] : null) ??
      (quota < 1 ? ['quota'] : first < 1 ? ['not_live_yet'] : room < 1 ? ['cap'] : ['']);
    if (reason) {
      not.push({ wish, reason, detail });
      continue;
    }
    taken.add(twin);
    spaced.set(wish.to, today);
    [room, first, quota] = [room - 1, first - 1, quota - 1];
    send.push(mail.message());
    wished.push(wish);
  }
  return { send, not, wished };
}

/**
 * What keeps every mail to contacts back for now; "" for nothing.
 *
 * @param {Config} config
 * @param {MailFacts} facts
 * @returns {string}
 */
function generalReason_(config, facts) {
  const { settings } = facts;
  if (facts.guard) return facts.guard;
  if (settings.mail_mode !== 'live' && settings.mail_mode !== 'test') return 'off';
  if (settings.mail_paused) return 'paused';
  if (!facts.log) return 'no_log';
  if (settings.mail_mode === 'test' && !isAddress(addressKey(facts.user))) return 'no_user';
  return restReason(config, settings, facts.now);
}

/**
 * Why a contact does not get this mail, whatever the time is; null for no reason.
 *
 * @param {Wish} wish
 * @param {MailFacts} facts
 * @returns {[string, string?] | null}
 */
function ownReason_(wish, facts) {
  if (wish.reason) return [wish.reason, wish.detail];
  if (!wish.to) return ['no_address'];
  if (!isAddress(wish.to)) return ['bad_address', wish.to.slice(0, 100)];
  if (facts.suppressed.has(wish.to)) return ['suppressed'];
  if (facts.unsubscribed.has(wish.to)) return ['unsubscribed'];
  const before = facts.history.keys.get(wish.key);
  if (before) return [before === 'failed' ? 'failed' : before === 'unknown' ? 'unknown' : 'already'];
  if (wish.marketing && !wish.consent) return ['no_consent'];
  if (wish.marketing && !facts.linked && !facts.replies) return ['no_opt_out'];
  return null;
}

/**
 * @param {Choices} settings
 * @param {number | undefined} last the day of the last mail to an address
 * @param {number} today
 * @returns {[string, string] | null} with the day on which it may get the next one
 */
function spacingReason_(settings, last, today) {
  if (last === undefined || today - last >= settings.mail_spacing_days) return null;
  return ['spacing', isoText(last + settings.mail_spacing_days)];
}

/**
 * The mail of a wish, made when it is asked for; or why it cannot be made.
 *
 * @param {Config} config
 * @param {Wish} wish
 * @param {MailFacts} facts
 * @returns {{reason: [string, string] | null, message: (sample?: boolean) => Message}}
 */
function mailOf_(config, wish, facts) {
  const { settings } = facts;
  const sender = settings.mail_sender || config.name;
  const template = facts.templates.get(wish.template);
  const fields = { ...wish.fields, sender };
  const missing = template ? missingFields(config, template, fields) : [];
  /** @type {[string, string] | null} */
  const reason = !template
    ? ['no_template', wish.template]
    : missing.length
      ? ['missing_field', missing.join(config.words.mail.comma)]
      : null;
  const message = (sample = false) => {
    // Whoever clicks may send from an account whose answers nobody reads.
    const replyTo = facts.replies || settings.mail_reply_to || '';
    // A test shows the page to whoever tests; the contact's own link would unsubscribe the contact.
    const reader = settings.mail_mode === 'test' ? addressKey(facts.user) : wish.to;
    const link = !facts.linked ? '' : sample ? '#' : facts.link(reader);
    const way = { link, replies: facts.replies !== '', replyTo: replyTo || facts.user };
    const made = mergedMail(config, template ?? { subject: '', body: '' }, fields, way);
    const contact = plainLine(`${wish.name} \u00b7 ${wish.contact}`, 200);
    return { key: wish.key, to: wish.to, ...made, name: plainLine(sender, 100), replyTo, template: wish.template, contact };
  };
  return { reason, message };
}

/**
 * The address whose answers are read: that of whoever set the CRM up, unless answers are to go to another one.
 *
 * @param {Config} config
 * @param {Choices} settings
 * @param {string} owner
 * @returns {string} "" where nobody reads them
 */
function readAddress(config, settings, owner) {
  const own = addressKey(owner);
  const other = addressKey(settings.mail_reply_to);
  return config.google.replies && isAddress(own) && (!other || other === own) ? own : '';
}

/**
 * The message of a wish as it would look, with a link that leads nowhere; null where it cannot be made.
 *
 * @param {Config} config
 * @param {Wish} wish
 * @param {MailFacts} facts
 * @returns {Message | null}
 */
function sampleMessage(config, wish, facts) {
  const mail = mailOf_(config, wish, facts);
  return mail.reason ? null : mail.message(true);
}

/**
 * The addresses that never get mail: those of the suppressions, and those who unsubscribed a moment ago.
 *
 * @param {Table | null} table the suppressions
 * @param {string[]} stops addresses
 * @returns {Set<string>}
 */
function suppressedAddresses(table, stops) {
  const rows = table ? [table.head ?? [], ...table.rows] : [];
  const typed = rows.flatMap((row) => heldAddresses(cell(/** @type {Table} */ (table), row, 'email')));
  return new Set([...typed, ...stops.map(addressKey)].filter((address) => address !== ''));
}

/**
 * The addresses of customers who are marked as unsubscribed.
 *
 * @param {Table | null} table the customers
 * @returns {Set<string>}
 */
function unsubscribedAddresses(table) {
  if (!table) return new Set();
  const rows = [table.head ?? [], ...table.rows].filter((row) => saysUnsubscribed(cell(table, row, 'unsubscribed')));
  return new Set(rows.flatMap((row) => heldAddresses(cell(table, row, 'email'))));
}

/**
 * Whether a cell says that somebody wants no mail: all that is not plainly no, as people write a cross or the day.
 *
 * @param {any} value
 * @returns {boolean}
 */
function saysUnsubscribed(value) {
  return !['', 'false', '0', 'no'].includes(latinDigits(text(value)).toLowerCase());
}

/**
 * A sentence for people: why a mail was not sent.
 *
 * @param {Config} config
 * @param {string} reason
 * @param {string} detail
 * @returns {string}
 */
function reasonText(config, reason, detail) {
  const words = config.words.reasons;
  /** @type {Record<string, string>} */
  const texts = {
    suppressed: words.suppressed,
    unsubscribed: words.unsubscribed,
    no_consent: words.no_consent,
    no_address: words.no_address,
    bad_address: words.bad_address,
    missing_field: words.missing_field,
    no_template: words.no_template,
    already: words.already,
    unknown: words.unknown,
    failed: words.failed,
    spacing: words.spacing,
    stopped: words.stopped,
    late: words.late,
    quiet: words.quiet,
    weekend: words.weekend,
    holiday: words.holiday,
    cap: words.cap,
    quota: words.quota,
    paused: words.paused,
    off: words.off,
    copy: words.copy,
    no_log: words.no_log,
    no_column: words.no_column,
    no_user: words.no_user,
    not_set_up: words.not_set_up,
    time: words.time,
    trouble: words.trouble,
    busy: words.busy,
    not_live_yet: words.not_live_yet,
    no_opt_out: words.no_opt_out,
  };
  return filled(texts[reason] ?? reason, detail);
}
