/**
 * The pages that only tell: how to work with the CRM, also without its menu, and what it is.
 */

/**
 * How to work with the CRM.
 *
 * @param {Config} config
 * @returns {Page}
 */
function helpPage(config) {
  const words = config.words.help;
  const sheet = (/** @type {string} */ key) => sheetTitle(config, key);
  const mail = [[words.mail, filled(words.mail_text, sheet('mail_log'))]];
  const parts = [
    [words.tables, words.tables_text],
    [words.views, words.views_text],
    [words.lists, words.lists_text],
    [words.menu, words.menu_text],
    [words.keys, words.keys_text],
    ...(hasMail(config) ? mail : []),
    [words.freedom, words.freedom_text],
  ];
  const ways = [
    words.phone_lead,
    filled(words.phone_convert, choiceTitle(config, 'lead_status', 'converted'), sheet('leads')),
    filled(words.phone_log, sheet('interactions')),
    filled(words.phone_deal, sheet('deals')),
    hasMail(config) ? filled(words.phone_mail, sheet('settings')) : '',
    filled(words.phone_archive, sheet('settings')),
  ];
  const list = parts.map(([title, about]) => markup`<dt>${title}</dt><dd>${about}</dd>`);
  const steps = ways.filter(Boolean).map((way) => markup`<li>${way}</li>`);
  const phone = markup`<h2>${words.phone}</h2><p class="quiet">${words.phone_text}</p><ol class="steps">${steps}</ol>`;
  const body = markup`<dl>${list}</dl>${phone}${footMarkup(closeButton(config))}`;
  return { title: words.title, body, menu: config.words.menu.help, width: 560, height: 600 };
}

/**
 * The titles of the sheets of which nothing is there any more.
 *
 * @param {Config} config
 * @param {string[]} found keys of the sheets that are there
 * @returns {string[]}
 */
function missingSheets(config, found) {
  const there = new Set(found);
  return Object.entries(config.sheets)
    .filter(([key]) => !there.has(key))
    .map(([, sheet]) => sheet.title);
}

/**
 * What this CRM is, and whether all of it is there.
 *
 * @param {Config} config
 * @param {string[]} found keys of the sheets that are there
 * @returns {Page}
 */
function aboutPage(config, found) {
  const words = config.words.about;
  const missing = missingSheets(config, found);
  const count = numberText(Object.keys(config.sheets).length, config.digits);
  const state = missing.length ? filled(words.missing, missing.join(words.comma)) : filled(words.whole, count);
  const body = markup`<h1>${typed(config.name)}</h1><p>${state}</p><p>${words.made}</p>${footMarkup(closeButton(config))}`;
  return { title: words.title, body, menu: config.words.menu.about, width: 460, height: 300 };
}
