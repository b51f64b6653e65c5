/**
 * The pages that are shown over the sheet, as HTML: help, and what is known of this CRM.
 */

/**
 * A whole page in the language's direction.
 *
 * @param {Config} config
 * @param {string} body HTML; texts of people's own in it are escaped.
 * @returns {string}
 */
function pageHtml(config, body) {
  const style =
    'body{font:14px/1.6 Vazirmatn,Roboto,Arial,sans-serif;color:#1f2933;margin:16px}' +
    `h1{font-size:18px;margin:0 0 12px;padding-inline-start:8px;border-inline-start:4px solid ${config.accent}}` +
    'dl{margin:0}dt{font-weight:600}dd{margin:0 0 12px}';
  return (
    `<!DOCTYPE html><html lang="${escaped(config.language)}" dir="${escaped(config.direction)}">` +
    `<head><base target="_top"><style>${style}</style></head><body>${body}</body></html>`
  );
}

/**
 * How to work with the CRM.
 *
 * @param {Config} config
 * @returns {string}
 */
function helpHtml(config) {
  const words = config.words.help;
  const parts = [
    [words.tables, words.tables_text],
    [words.views, words.views_text],
    [words.lists, words.lists_text],
    [words.freedom, words.freedom_text],
  ];
  const list = parts.map(([title, text]) => `<dt>${escaped(title)}</dt><dd>${escaped(text)}</dd>`);
  return pageHtml(config, `<dl>${list.join('')}</dl>`);
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
 * @returns {string}
 */
function aboutHtml(config, found) {
  const words = config.words.about;
  const missing = missingSheets(config, found);
  const count = numberText(Object.keys(config.sheets).length, config.digits);
  const state = missing.length ? filled(words.missing, missing.join(words.comma)) : filled(words.whole, count);
  return pageHtml(
    config,
    `<h1><bdi>${escaped(config.name)}</bdi></h1><p>${escaped(state)}</p><p>${escaped(words.made)}</p>`,
  );
}
