/**
 * The weekly or monthly mail with figures for those who lead: the last whole period beside the one before it.
 */

/**
 * The figures of one period. `conversion` and `average` are null where there is nothing to divide by.
 *
 * @typedef {object} Figures
 * @property {number} leads first contact in the period
 * @property {number} converted of these, by now
 * @property {number | null} conversion the share of these, 0 to 1
 * @property {number} won deals closed in the period
 * @property {number} value of these
 * @property {number | null} average of these
 * @property {number} activities interactions in the period
 * @property {number} overdue tasks that were late and open at its end
 */

/**
 * What happened in a period. A date counts by its whole day; a row without the date that decides counts in none. Pure.
 *
 * @param {Config} config
 * @param {Record<string, Table | null>} tables leads, deals, interactions and tasks; null for what is gone
 * @param {Period} period
 * @returns {Figures}
 */
function reportFigures(config, tables, period) {
  const inside = (/** @type {number | null} */ day) => day !== null && day >= period.start && day < period.end;
  const of = (/** @type {string} */ key) => tables[key]?.rows ?? [];
  /** @type {(key: string, row: any[], column: string) => any} */
  const at = (key, row, column) => cell(/** @type {Table} */ (tables[key]), row, column);
  /** @type {(key: string, row: any[], column: string, list: string, choice: string) => boolean} */
  const is = (key, row, column, list, choice) => choiceKey(config, list, text(at(key, row, column))) === choice;

  const leads = of('leads').filter((row) => inside(dayOf(at('leads', row, 'contact_date'))));
  const converted = leads.filter((row) => is('leads', row, 'status', 'lead_status', 'converted')).length;
  const won = of('deals').filter(
    (row) => is('deals', row, 'stage', 'deal_stage', 'won') && inside(dayOf(at('deals', row, 'closed_on'))),
  );
  const amounts = won.map((row) => Number(at('deals', row, 'amount'))).filter((amount) => Number.isFinite(amount));
  const value = amounts.reduce((sum, amount) => sum + amount, 0);
  const activities = of('interactions').filter((row) => inside(dayOf(at('interactions', row, 'date')))).length;
  const overdue = of('tasks').filter((row) => {
    const due = dayOf(at('tasks', row, 'due'));
    if (due === null || due >= period.end) return false;
    if (at('tasks', row, 'done') !== true && !is('tasks', row, 'status', 'task_status', 'done')) return true;
    const done = dayOf(at('tasks', row, 'done_at')); // not noted: taken for done in time
    return done !== null && done >= period.end;
  }).length;
  return {
    leads: leads.length,
    converted,
    conversion: leads.length ? converted / leads.length : null,
    won: won.length,
    value,
    average: won.length ? value / won.length : null,
    activities,
    overdue,
  };
}

/**
 * A message for each reader; none where nothing happened in either period. Pure.
 *
 * @param {Config} config
 * @param {Record<string, Table | null>} tables
 * @param {string} kind weekly or monthly
 * @param {number} today day
 * @param {string[]} readers addresses
 * @param {string} link to the sheet
 * @param {string} [asked] what keeps a report that somebody asked for apart from the one that comes by itself
 * @returns {Message[]}
 */
function reportMessages(config, tables, kind, today, readers, link, asked = '') {
  const words = config.words.report;
  const period = periodBefore(config, kind, today);
  const before = periodBefore(config, kind, period.start);
  const [now, then] = [reportFigures(config, tables, period), reportFigures(config, tables, before)];
  const quiet = [now, then].every((figures) => Object.values(figures).every((figure) => !figure));
  if (quiet && !asked) return [];
  const lines = reportLines(config, now, then);
  const span = (/** @type {Period} */ one) =>
    filled(words.span, calendarText(config, one.start), calendarText(config, one.end - 1));
  const title = filled(kind === 'weekly' ? words.weekly : words.monthly, config.name, span(period));
  const compared = filled(words.compared, span(before));
  const cells = (/** @type {string} */ tag, /** @type {string[]} */ texts) =>
    texts.map((one) => `<${tag} style="text-align:start;padding:4px 12px 4px 0">${escaped(one)}</${tag}>`).join('');
  const rows = lines.map((line) => `<tr>${cells('td', line)}</tr>`).join('');
  const head = `<tr>${cells('th', [words.figure, words.now, words.then, words.change])}</tr>`;
  const body =
    `<h1 style="font-size:17px;margin:0 0 4px">${escaped(title)}</h1>` +
    `<p style="margin:0 0 12px">${escaped(compared)}</p>` +
    `<table style="border-collapse:collapse">${head}${rows}</table>`;
  const plain = lines.map(([name, figure, former, change]) => {
    const told = `${name}: ${figure} (${filled(words.formerly, former)})`;
    return change ? `${told} ${change}` : told;
  });
  return readers.map((address) => ({
    key: `report:${period.key}${asked ? `-${asked}` : ''}:${address.toLowerCase()}`,
    to: address,
    contact: '',
    template: 'report',
    internal: true,
    subject: title,
    text: [title, compared, '', ...plain, '', `${words.open}: ${link}`].join('\n'),
    html: teamMailHtml(config, body, words.open, link),
  }));
}

/**
 * Each figure with its name, its value, the one before and how it changed. Pure.
 *
 * @param {Config} config
 * @param {Figures} now
 * @param {Figures} then
 * @returns {[string, string, string, string][]}
 */
function reportLines(config, now, then) {
  const words = config.words.report;
  const count = (/** @type {number | null} */ figure) => (figure === null ? '\u2013' : amountText(config, figure));
  const money = (/** @type {number | null} */ figure) => count(figure === null ? null : Math.round(figure));
  const share = (/** @type {number | null} */ figure) => (figure === null ? '\u2013' : percentText(config, figure));
  /** @type {[string, number | null, number | null, (figure: number | null) => string][]} */
  const figures = [
    [words.leads, now.leads, then.leads, count],
    [words.conversion, now.conversion, then.conversion, share],
    [words.won, now.won, then.won, count],
    [words.value, now.value, then.value, money],
    [words.average, now.average, then.average, money],
    [words.activities, now.activities, then.activities, count],
    [words.overdue, now.overdue, then.overdue, count],
  ];
  return figures.map(([name, one, other, shown]) => {
    // Percent of a percentage would be read as its points.
    const change = shown === share ? '' : changeText_(config, one, other);
    return [name, shown(one), shown(other), change];
  });
}

/**
 * @param {Config} config
 * @param {number | null} now
 * @param {number | null} then
 * @returns {string} in percent of what was before; "" where that says nothing
 */
function changeText_(config, now, then) {
  if (now === null || then === null || then === 0 || now === then) return '';
  const change = now / then - 1;
  return `${change > 0 ? '\u25b2' : '\u25bc'} ${percentText(config, Math.abs(change))}`;
}

/**
 * @param {Config} config
 * @param {number} share 0 to 1
 * @returns {string}
 */
function percentText(config, share) {
  return amountText(config, Math.round(share * 100)) + (config.digits === 'persian' ? '\u066a' : '%');
}

/**
 * Who reads the report: those that the settings name, otherwise the owners of the team, otherwise whoever set it up.
 *
 * @param {Config} config
 * @param {Choices} settings
 * @param {string} user
 * @returns {string[]}
 */
function reportReaders(config, settings, user) {
  const team = /** @type {Member[]} */ (/** @type {unknown} */ (config.team));
  const owners = team.filter((member) => member.role === 'owner' && member.email).map((member) => member.email.trim());
  const found = settings.report_to.length ? settings.report_to : owners.length ? owners : user ? [user] : [];
  return [...new Map(found.map((address) => [address.toLowerCase(), address])).values()];
}
