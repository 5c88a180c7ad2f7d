// Corrections that were sent and that the view may not show yet: a confirmation has to give them again, or it would take them back.

export class Unseen {
  constructor() {
    this.documents = new Map();
  }

  /** Remembers a correction that is about to be sent. */
  sent(id, { field, value }) {
    const correction = { field, value, at: null };
    if (!this.documents.has(id)) this.documents.set(id, new Map());
    this.documents.get(id).set(field, correction);
    return correction;
  }

  /** The feedback topic has it, since then; the view shows it a little later. */
  written(correction, at) {
    correction.at = Date.parse(at);
  }

  /** It was not written, or is shown; a later one on the same field stays. */
  forget(id, correction) {
    const fields = this.documents.get(id);
    if (fields?.get(correction.field) === correction) fields.delete(correction.field);
    if (fields?.size === 0) this.documents.delete(id);
  }

  /** Forgets what a document shows by now, or has been said of the same field since. */
  seen(id, reviews) {
    for (const correction of [...(this.documents.get(id)?.values() ?? [])]) {
      const shown = correction.at !== null && reviews.some((one) => one.field === correction.field && Date.parse(one.at) >= correction.at);
      if (shown) this.forget(id, correction);
    }
  }

  /** What a confirmation has to give again. */
  corrections(id) {
    return [...(this.documents.get(id)?.values() ?? [])].map(({ field, value }) => ({ field, value }));
  }
}
