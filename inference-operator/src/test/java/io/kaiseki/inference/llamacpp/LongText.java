package io.kaiseki.inference.llamacpp;

import java.util.List;
import java.util.SplittableRandom;

/** Made-up agreements of as many pages as wanted; equal seeds give equal texts. */
final class LongText {

  /** Characters of a page with some white space on it. */
  private static final int PAGE = 2_000;

  private static final List<String> CLAUSES =
      List.of(
          "The Supplier shall deliver lot %d to the Buyer at the Buyer's warehouse no later than"
              + " 2026-%02d-%02d.",
          "The Buyer shall pay EUR %d,%02d%02d.00 within thirty days of the invoice.",
          "If delivery %d is late by more than %d days, a penalty of %d percent falls due.",
          "Der Vertrag %d verlängert sich um %d Monate, wenn er nicht %d Wochen vorher gekündigt wird.",
          "Le prestataire garantit le lot n° %d pendant %d mois à compter de la livraison, %d fois"
              + " renouvelables.",
          "Notices under clause %d go to the address in annex %d, page %d.",
          "契約%d号に基づき、買主は%d日以内に%d万円を支払う。");

  private static final List<String> HEADINGS =
      List.of("Delivery", "Prices", "Liability", "Term and Termination", "Haftung", "Garantie");

  private LongText() {}

  static String pages(int pages, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder text = new StringBuilder("# Framework agreement no. " + seed + "\n\n");
    for (int section = 1; text.length() < pages * PAGE; section++) {
      text.append(section)
          .append(". ")
          .append(HEADINGS.get(random.nextInt(HEADINGS.size())))
          .append("\n\n");
      for (int paragraph = random.nextInt(1, 5); paragraph > 0; paragraph--) {
        for (int clause = random.nextInt(1, 6); clause > 0; clause--) {
          text.append(
                  CLAUSES
                      .get(random.nextInt(CLAUSES.size()))
                      .formatted(
                          random.nextInt(1, 10_000), random.nextInt(1, 13), random.nextInt(1, 29)))
              .append(' ');
        }
        text.append("\n\n");
      }
    }
    return text.toString();
  }
}
