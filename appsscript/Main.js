/**
 * The entry points: Google calls these functions by their names. What they do stands elsewhere.
 *
 * Any page of the script may call any function whose name has no underscore at its end, with whatever it likes: the page
 * that everybody can open on the web, too. So all but what that page is for ask at once whether somebody is at the sheet.
 */

/**
 * When the spreadsheet is opened; Google runs it without asking anybody for consent.
 *
 * @param {GoogleAppsScript.Events.SheetsOnOpen} [_event]
 */
function onOpen(_event) {
  addMenu(services(), CONFIG);
}

/**
 * When somebody types; Google runs it without asking anybody for consent.
 *
 * @param {GoogleAppsScript.Events.SheetsOnEdit} event
 */
function onEdit(event) {
  handleEdit(services(), CONFIG, event);
}

/**
 * Every hour, after the set-up was finished.
 *
 * @param {GoogleAppsScript.Events.TimeDriven} [event]
 */
function dispatch(event) {
  return runDispatcher(servicesOfClock_(event), CONFIG);
}

/**
 * The script's own page: the way out of mails.
 *
 * @param {GoogleAppsScript.Events.DoGet} event
 */
function doGet(event) {
  return answerGet(services(), CONFIG, event);
}

/** @param {GoogleAppsScript.Events.DoPost} event */
function doPost(event) {
  return answerPost(services(), CONFIG, event);
}

/**
 * What pages ask for.
 *
 * @param {string} name
 * @param {unknown} data
 * @param {unknown} pass what shows that the page is one of ours
 */
function pageAction(name, data, pass) {
  return runPageAction(servicesAtSheet_(), CONFIG, name, data, pass);
}

/** For a trial on a copy: who would get which mail, and why all others would not, as plain values. */
function explainMail_() {
  return explainFollowUps(services(), CONFIG, services().book());
}

/**
 * The same: saves settings without their page.
 *
 * @param {Record<string, unknown>} fields
 */
function saveSettings_(fields) {
  return answerSettings(services(), CONFIG, pageQuestion_({ fields, confirmed: true }));
}

/** The items of the menu. */
function showAddLead() {
  openAddLead(servicesAtSheet_(), CONFIG);
}

function showLogInteraction() {
  openLogInteraction(servicesAtSheet_(), CONFIG);
}

function showNewTask() {
  openNewTask(servicesAtSheet_(), CONFIG);
}

function showFindPerson() {
  openFindPerson(servicesAtSheet_(), CONFIG);
}

function showTimeline() {
  openTimeline(servicesAtSheet_(), CONFIG);
}

function convertLead() {
  convertSelected(servicesAtSheet_(), CONFIG);
}

function markWon() {
  markSelected(servicesAtSheet_(), CONFIG, 'won');
}

function markLost() {
  markSelected(servicesAtSheet_(), CONFIG, 'lost');
}

function showPreview() {
  openPreview(servicesAtSheet_(), CONFIG);
}

function sendNow() {
  sendFollowUpsNow(servicesAtSheet_(), CONFIG);
}

function pauseMail() {
  runPauseMail(servicesAtSheet_(), CONFIG);
}

function resumeMail() {
  runResumeMail(servicesAtSheet_(), CONFIG);
}

function showSettings() {
  openSettings(servicesAtSheet_(), CONFIG);
}

function finishSetUp() {
  runFinishSetUp(servicesAtSheet_(), CONFIG);
}

function removeSetUp() {
  runRemoveSetUp(servicesAtSheet_(), CONFIG);
}

function archiveNow() {
  runArchiveNow(servicesAtSheet_(), CONFIG);
}

function unarchive() {
  runUnarchive(servicesAtSheet_(), CONFIG);
}

function showHelp() {
  openHelp(servicesAtSheet_(), CONFIG);
}

function showAbout() {
  openAbout(servicesAtSheet_(), CONFIG);
}
