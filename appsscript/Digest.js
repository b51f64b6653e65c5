/**
 * The daily mail to each member of the team: what of theirs is due or overdue. Who has nothing to do gets none.
 */

/**
 * @typedef {{name: string, detail: string, day: number}} DueLine `day`: when it was or is due
 */

/**
 * What is due, by the group that it stands under.
 *
 * @typedef {{customers: DueLine[], leads: DueLine[], tasks: DueLine[], deals: DueLine[]}} DueGroups
 */

/**
 * @typedef {{name: string, email: string, role: string}} Member
 */

/** Of a long list the first lines are told: whoever has more to do looks into the sheet. */
const DIGEST_LINES = 10;

/**
 * A message for each member of the team who has something to do; the owners also hear of mails that may not have arrived.
 * Pure.
 *
 * @param {Config} config
 * @param {Record<string, Table | null>} tables customers, leads, tasks, deals and mail_log; null for what is gone
 * @param {number} today day
 * @param {string} link to the sheet
 * @returns {Message[]}
 */
function digestMessages(config, tables, today, link) {
  const team = /** @type {Member[]} */ (/** @type {unknown} */ (config.team)).filter((member) => member.email);
  const byAddress = new Map();
  for (const member of team) {
    // Two names with one address are one reader.
    const address = member.email.trim().toLowerCase();
    const reader = byAddress.get(address) ?? { member, address, names: [], manages: false };
    reader.names.push(ownerName_(member.name));
    reader.manages = reader.manages || member.role === 'owner';
    byAddress.set(address, reader);
  }
  const readers = [...byAddress.values()];
  if (readers.length && !readers.some((reader) => reader.manages)) readers[0].manages = true;
  const known = new Set(readers.flatMap((reader) => reader.names));
  const due = dueByOwner(config, tables, today);
  const unknown = unknownMails(config, tables.mail_log ?? null).length;
  return readers.flatMap((reader) => {
    const owners = [...due.keys()].filter(
      (name) => reader.names.includes(name) || (reader.manages && !known.has(name)),
    );
    const groups = mergedGroups_(owners.map((name) => due.get(name)));
    const number = Object.values(groups).reduce((sum, lines) => sum + lines.length, 0);
    const lost = reader.manages ? unknown : 0;
    if (!number && !lost) return [];
    return [digestMessage_(config, reader.member, `digest:${today}:${reader.address}`, groups, number, lost, today, link)];
  });
}

/**
 * What is due, by the name of its owner as `ownerName_` writes it; "" for what has none. Pure.
 *
 * @param {Config} config
 * @param {Record<string, Table | null>} tables
 * @param {number} today day
 * @returns {Map<string, DueGroups>}
 */
function dueByOwner(config, tables, today) {
  /** @type {Map<string, DueGroups>} */
  const due = new Map();
  /** @type {(owner: string, group: keyof DueGroups, line: DueLine) => void} */
  const add = (owner, group, line) => {
    const name = ownerName_(owner);
    const groups = due.get(name) ?? { customers: [], leads: [], tasks: [], deals: [] };
    groups[group].push(line);
    due.set(name, groups);
  };
  for (const [key, rule] of dueRules_(config, today)) {
    const table = tables[key];
    if (!table || !has(table, rule.day)) continue;
    for (const row of table.rows) {
      const day = dayOf(cell(table, row, rule.day));
      if (day === null || day > rule.last || rule.closed(table, row)) continue;
      const [name, detail] = rule.told.map((column) => digestText_(cell(table, row, column)));
      add(text(cell(table, row, rule.owner)), key, { name, detail, day });
    }
  }
  return due;
}

/**
 * What makes a row due: the column of its day, the last day that counts, whether it is closed; and what is told of it.
 *
 * @typedef {object} DueRule
 * @property {string} day
 * @property {number} last
 * @property {string} owner
 * @property {string[]} told columns
 * @property {(table: Table, row: any[]) => boolean} closed
 */

/**
 * @param {Config} config
 * @param {number} today
 * @returns {[keyof DueGroups, DueRule][]}
 */
function dueRules_(config, today) {
  /** @type {(column: string, list: string, keys: string[]) => (table: Table, row: any[]) => boolean} */
  const is = (column, list, keys) => (table, row) => keys.includes(choiceKey(config, list, cell(table, row, column)));
  const isDone = is('status', 'task_status', ['done']);
  return [
    [
      'customers',
      {
        day: 'next_follow_up', last: today, owner: 'owner', told: ['name', 'company'],
        closed: is('status', 'customer_status', ['inactive']),
      },
    ],
    [
      'leads',
      {
        day: 'next_action_date', last: today, owner: 'owner', told: ['name', 'next_action'],
        closed: is('status', 'lead_status', ['converted', 'lost']),
      },
    ],
    [
      'tasks',
      {
        day: 'due', last: today, owner: 'assignee', told: ['title', 'customer'],
        closed: (table, row) => cell(table, row, 'done') === true || isDone(table, row),
      },
    ],
    [
      'deals',
      {
        day: 'expected_close', last: today - 1, owner: 'owner', told: ['customer', 'product'],
        closed: is('stage', 'deal_stage', ['won', 'lost']),
      },
    ],
  ];
}

/**
 * @param {string} name
 * @returns {string} as two spellings of one name are compared
 */
function ownerName_(name) {
  return name.replace(/\s+/g, ' ').trim().toLowerCase();
}

/**
 * A value for one line of a mail: short, and without what breaks lines or turns the direction of what follows.
 *
 * @param {any} value
 * @returns {string}
 */
function digestText_(value) {
  return shortened(tamed(text(value)).replace(/\s+/g, ' ').trim(), 80);
}

/**
 * @param {(DueGroups | undefined)[]} all
 * @returns {DueGroups} each group with the earliest first
 */
function mergedGroups_(all) {
  /** @type {DueGroups} */
  const merged = { customers: [], leads: [], tasks: [], deals: [] };
  for (const groups of all) {
    if (!groups) continue;
    for (const key of /** @type {(keyof DueGroups)[]} */ (Object.keys(merged))) {
      for (const line of groups[key]) merged[key].push(line);
    }
  }
  for (const lines of Object.values(merged)) lines.sort((one, other) => one.day - other.day);
  return merged;
}

/**
 * @param {Config} config
 * @param {Member} member
 * @param {string} key
 * @param {DueGroups} groups
 * @param {number} number of all lines
 * @param {number} unknown mails
 * @param {number} today
 * @param {string} link
 * @returns {Message}
 */
function digestMessage_(config, member, key, groups, number, unknown, today, link) {
  const words = config.words.digest;
  /** @type {[string, DueLine[]][]} */
  const sections = [
    [words.tasks, groups.tasks],
    [words.customers, groups.customers],
    [words.leads, groups.leads],
    [words.deals, groups.deals],
  ];
  const html = [];
  const plain = [];
  const greeting = filled(words.greeting, digestText_(member.name));
  for (const [title, lines] of sections) {
    if (!lines.length) continue;
    const heading = filled(words.heading, title, numberText(lines.length, config.digits));
    const shown = lines.slice(0, DIGEST_LINES);
    const items = shown.map((line) => dueHtml_(config, line, today));
    const said = shown.map((line) => [line.name, line.detail, whenText_(config, line, today)].filter(Boolean));
    const more = lines.length - shown.length;
    const rest = more ? filled(words.more, numberText(more, config.digits)) : '';
    html.push(`<h2 style="font-size:15px;margin:16px 0 4px">${escaped(heading)}</h2>`);
    html.push(`<ul style="margin:0;padding-inline-start:20px">${items.join('')}</ul>`);
    if (rest) html.push(`<p style="margin:4px 0">${escaped(rest)}</p>`);
    plain.push('', heading, ...said.map((parts) => `- ${parts.join(' \u00b7 ')}`));
    if (rest) plain.push(rest);
  }
  if (unknown) {
    const [sheet, status] = [sheetConfig(config, 'mail_log')?.title ?? '', choiceTitle(config, 'mail_status', 'unknown')];
    const told = filled(words.unknown, numberText(unknown, config.digits), sheet, status);
    html.push(`<p style="margin:16px 0 0">${escaped(told)}</p>`);
    plain.push('', told);
  }
  const date = calendarText(config, today);
  return {
    key,
    to: member.email.trim(),
    contact: '',
    template: 'digest',
    internal: true,
    subject: filled(words.subject, config.name, numberText(number + (unknown ? 1 : 0), config.digits), date),
    text: [greeting, ...plain, '', `${words.open}: ${link}`].join('\n'),
    html: teamMailHtml(config, `<p>${escaped(greeting)}</p>${html.join('')}`, words.open, link),
  };
}

/**
 * @param {Config} config
 * @param {DueLine} line
 * @param {number} today
 * @returns {string}
 */
function dueHtml_(config, line, today) {
  const late = line.day < today ? ' style="color:#b42318"' : '';
  const detail = line.detail ? ` &#183; <bdi>${escaped(line.detail)}</bdi>` : '';
  const when = `<span${late}>${escaped(whenText_(config, line, today))}</span>`;
  return `<li><b><bdi>${escaped(line.name)}</bdi></b>${detail} &#183; ${when}</li>`;
}

/**
 * @param {Config} config
 * @param {DueLine} line
 * @param {number} today
 * @returns {string}
 */
function whenText_(config, line, today) {
  const words = config.words.digest;
  if (line.day >= today) return words.today;
  return filled(words.late, calendarText(config, line.day), numberText(today - line.day, config.digits));
}

/**
 * A mail to the team as HTML, in the language's direction, with a link to the sheet below.
 *
 * @param {Config} config
 * @param {string} body HTML
 * @param {string} title of the link
 * @param {string} link
 * @returns {string}
 */
function teamMailHtml(config, body, title, link) {
  const anchor = `<p style="margin:20px 0 0"><a href="${escaped(link)}">${escaped(title)}</a></p>`;
  return mailHtml(config, config.direction, `${body}${anchor}`, '');
}
