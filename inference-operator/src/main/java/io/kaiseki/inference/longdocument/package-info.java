/**
 * Documents that do not fit into a model's context: cut where their structure allows it, analysed
 * part by part under the same contract, and merged into one answer. {@link
 * io.kaiseki.inference.longdocument.LongDocumentEngine} stands before any engine; what becomes of
 * long documents is the {@linkplain io.kaiseki.inference.LongDocuments analysis' to say}.
 */
@NullMarked
package io.kaiseki.inference.longdocument;

import org.jspecify.annotations.NullMarked;
