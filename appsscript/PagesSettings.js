/**
 * The page of the settings: the rows of their table that the script goes by, checked before they are written.
 */

/** The settings of the page, in groups and in their order. All others stand in the sheet alone. */
const SETTING_GROUPS = {
  mail: [
    'mail_mode',
    'mail_paused',
    'mail_daily_cap',
    'mail_reserve',
    'mail_first_live',
    'mail_spacing_days',
    'mail_sender',
    'mail_reply_to',
  ],
  times: ['quiet_from', 'quiet_until', 'weekend_mail', 'holidays'],
  team: ['reminders', 'reminder_hour', 'report_period', 'report_to'],
  tidy: ['archive_days'],
};
/** What nothing but mail needs. */
const MAIL_GROUPS = ['mail', 'times', 'team'];

/**
 * @param {Services} services
 * @param {Config} config
 * @returns {Page}
 */
function settingsPage(services, config) {
  const words = config.words.settings;
  const table = services.book().table('settings');
  const groups = Object.entries(SETTING_GROUPS).flatMap(([group, keys]) => {
    const fields = hasMail(config) || !MAIL_GROUPS.includes(group) ? settingFields(config, table, keys) : [];
    const shown = fields.map((field) => fieldMarkup(config, field));
    return shown.length ? [markup`<h2>${settingGroup_(config, group)}</h2><div class="two">${shown}</div>`] : [];
  });
  const form = formMarkup('saveSettings', services.random(), groups, words.save, closeButton(config));
  const body = groups.length
    ? markup`<p class="quiet">${filled(words.more, sheetTitle(config, 'settings'))}</p>${form}`
    : markup`<p>${filled(config.words.form.gone, sheetTitle(config, 'settings'))}</p>${footMarkup(closeButton(config))}`;
  return { title: words.title, body, menu: config.words.menu.settings, sheet: 'settings', width: 640, height: 620 };
}

/**
 * @param {Config} config
 * @param {string} group
 * @returns {string}
 */
function settingGroup_(config, group) {
  const words = config.words.settings;
  return /** @type {Record<string, string>} */ ({
    mail: words.mail,
    times: words.times,
    team: words.team,
    tidy: words.tidy,
  })[group];
}

/**
 * The rows of settings as fields, called and explained as the sheet does.
 *
 * @param {Config} config
 * @param {Table | null} table
 * @param {string[]} keys
 * @returns {Field[]} those whose rows are there
 */
function settingFields(config, table, keys) {
  if (!table) return [];
  const rows = byId(table, 'key');
  return keys.flatMap((key) => {
    const row = rows.get(key);
    const rule = SETTING_RULES[key];
    if (!row || !rule) return [];
    const value = cell(table, row, 'value');
    const field = {
      name: key,
      label: text(cell(table, row, 'title')) || key,
      hint: tamed(cell(table, row, 'description')),
    };
    return [settingField_(config, key, rule.kind, field, value)];
  });
}

/**
 * @param {Config} config
 * @param {string} key
 * @param {string} kind of its rule
 * @param {{name: string, label: string, hint: string}} field
 * @param {any} value
 * @returns {Field}
 */
function settingField_(config, key, kind, field, value) {
  if (kind === 'tick') return { ...field, kind: 'checkbox', value: value === true };
  if (kind === 'choice')
    return {
      ...field,
      kind: 'choice',
      needed: true,
      options: Object.values(choicesOf(config, key)),
      value: text(value),
    };
  const shown = typeof value === 'number' ? numberText(value, config.digits) : text(value);
  return { ...field, kind: kind === 'number' ? 'number' : 'text', value: shown };
}

/**
 * Writes what was changed. Nothing is written where anything is wrong, and live mail is asked for twice.
 *
 * @param {Services} services
 * @param {Config} config
 * @param {PageQuestion} data
 * @returns {PageAnswer}
 */
function answerSettings(services, config, data) {
  const words = config.words.settings;
  const book = services.book();
  const table = book.table('settings');
  const fields = settingFields(config, table, Object.values(SETTING_GROUPS).flat()).filter(
    (field) => field.name in data.fields,
  );
  const { entries, errors } = readSettings_(config, fields, data.fields);
  if (!table || !fields.length)
    return { bad: true, say: filled(config.words.form.gone, sheetTitle(config, 'settings')) };
  if (Object.keys(errors).length) return { errors, say: config.words.form.wrong };
  const was = Object.fromEntries(fields.map((field) => [field.name, field.value]));
  const changes = Object.entries(entries).flatMap(([id, { shown, value }]) =>
    shown === was[id] ? [] : [{ id, column: 'value', value }],
  );
  const live = changes.some(({ id, value }) => id === 'mail_mode' && choiceKey(config, 'mail_mode', value) === 'live');
  if (live && !data.confirmed) {
    const first = numberText(
      Number(entries.mail_first_live?.value ?? SETTING_RULES.mail_first_live.usual),
      config.digits,
    );
    return { confirm: { text: filled(words.live, first), yes: words.live_yes, no: words.live_no } };
  }
  const gone = book.write('settings', 'key', changes);
  book.flush();
  if (gone.length) return { bad: true, say: filled(words.lost, gone.join(config.words.about.comma)), keep: true, token: services.random() };
  const count = numberText(changes.length, config.digits);
  return {
    good: true,
    say: changes.length ? filled(words.saved, count) : words.same,
    keep: true,
    token: services.random(),
  };
}

/**
 * @param {Config} config
 * @param {Field[]} fields
 * @param {Record<string, unknown>} filledIn
 * @returns {{entries: Record<string, {shown: any, value: any}>, errors: Record<string, string>}} `shown` as the field had it
 */
function readSettings_(config, fields, filledIn) {
  /** @type {Record<string, {shown: any, value: any}>} */
  const entries = {};
  /** @type {Record<string, string>} */
  const errors = {};
  for (const field of fields) {
    const raw = filledIn[field.name];
    const shown = field.kind === 'checkbox' ? raw === true : tamed(raw).trim().slice(0, FIELD_LENGTHS.text);
    const rule = SETTING_RULES[field.name];
    const value = rule.kind === 'choice' ? choiceKey(config, field.name, shown) || shown : shown;
    const read = value === '' ? { value: '', reason: '' } : readSetting_(rule, value);
    if (read.reason) {
      const problem = { key: field.name, reason: read.reason, value: shortened(String(shown), 40) };
      errors[field.name] = filled(
        config.words.settings_check.wrong,
        field.label,
        problem.value,
        settingReason(config, problem),
      );
    } else entries[field.name] = { shown, value: rule.kind === 'number' && shown !== '' ? read.value : shown };
  }
  return { entries, errors };
}
