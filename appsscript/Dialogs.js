/**
 * Shows pages over the sheet.
 */

/**
 * @param {Services} services
 * @param {Config} config
 */
function openHelp(services, config) {
  showPage(services, helpHtml(config), config.words.help.title, 340);
}

/**
 * @param {Services} services
 * @param {Config} config
 */
function openAbout(services, config) {
  showPage(services, aboutHtml(config, sheetKeys(services, config)), config.words.about.title, 240);
}

/**
 * The keys of the sheets that are there, by their marks: titles are people's to change. One call for all.
 *
 * @param {Services} services
 * @param {Config} config
 * @returns {string[]}
 */
function sheetKeys(services, config) {
  const found = services.spreadsheet().createDeveloperMetadataFinder().withKey(config.marks.sheet).find();
  return found.map((mark) => mark.getValue() ?? '');
}

/**
 * @param {Services} services
 * @param {string} html
 * @param {string} title
 * @param {number} height pixels
 */
function showPage(services, html, title, height) {
  services.ui().showModalDialog(services.page(html).setWidth(460).setHeight(height), title);
}
