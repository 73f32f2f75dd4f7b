'use strict';
/** The errors: `message` is a sentence for the person, the class says what a program can do about it. */

/** Base of all: `message` is a sentence for the person, `hint` says what to do next, `detail` is for the developer. */
class ConnectorError extends Error {
  constructor(message, more = {}) {
    super(message);
    this.name = this.constructor.name;
    Object.assign(this, { hint: '', detail: '' }, more);
  }

  /** The message with its hint. */
  get sentence() {
    return this.hint ? `${this.message} ${this.hint}` : this.message;
  }
}
class InputError extends ConnectorError {}
class ConnectionInvalid extends ConnectorError {}
class TemporaryError extends ConnectorError {}
class NetworkError extends TemporaryError {}
class NoAnswer extends NetworkError {}
class RateLimited extends TemporaryError {}
class TransferError extends TemporaryError {}
class WaitExceeded extends TemporaryError {}
class ConversionFailed extends ConnectorError {}
class NotFound extends ConnectorError {}
class LimitReached extends ConnectorError {}
class CreditsExceeded extends LimitReached {}
class ForgedWebhook extends ConnectorError {}
class ProtocolError extends ConnectorError {}

module.exports = { ConnectorError, InputError, ConnectionInvalid, TemporaryError, NetworkError, NoAnswer, RateLimited, TransferError, WaitExceeded, ConversionFailed, NotFound, LimitReached, CreditsExceeded, ForgedWebhook, ProtocolError };
