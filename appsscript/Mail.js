/**
 * Google's service that sends mail.
 *
 * @scope https://www.googleapis.com/auth/script.send_mail mail
 */

/**
 * @returns {Mailer}
 */
function mailService() {
  return {
    left: () => MailApp.getRemainingDailyQuota(),
    send: ({ to, subject, text, html, name, replyTo }) => {
      /** @type {GoogleAppsScript.Mail.MailAdvancedParameters} */
      const message = { to, subject, body: text, htmlBody: html };
      if (name) message.name = name;
      if (replyTo) message.replyTo = replyTo;
      MailApp.sendEmail(message);
    },
  };
}
