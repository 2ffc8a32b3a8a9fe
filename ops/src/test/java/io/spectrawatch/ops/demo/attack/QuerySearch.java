package io.spectrawatch.ops.demo.attack;

/** Looks for an input that a model answers wrongly, by its answers alone, one query at a time. */
interface QuerySearch {

    /** Returns the next query, pixels of 0 to 255. */
    float[] query();

    /** Takes the model's answer to it. */
    void answer(float[] logits);

    /** Whether the last answer ended the search. */
    boolean succeeded();

    /** The class of the largest logit. */
    static int best(float[] logits) {
        int best = 0;
        for (int c = 1; c < logits.length; c++) {
            best = logits[c] > logits[best] ? c : best;
        }
        return best;
    }
}
