package io.kaiseki.pipelines.backfill.archive;

import java.io.IOException;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.text.PDFTextStripper;

/** The text of a PDF, in reading order. A scan has none: nothing here recognises letters. */
final class PdfText implements TextExtractor {

  @Override
  public Extracted extract(byte[] bytes) throws UnreadableException, IOException {
    try (PDDocument document = Loader.loadPDF(bytes)) {
      PDFTextStripper stripper = new PDFTextStripper();
      stripper.setSortByPosition(true);
      stripper.setLineSeparator("\n");
      stripper.setParagraphStart("\n");
      String text = stripper.getText(document).strip();
      if (text.isEmpty()) {
        throw new UnreadableException(
            "is a PDF of " + document.getNumberOfPages() + " pages without text, such as a scan");
      }
      return Extracted.text("pdf", text);
    } catch (InvalidPasswordException e) {
      throw new UnreadableException("is a PDF that only opens with a password");
    }
  }
}
