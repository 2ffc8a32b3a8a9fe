package io.spectrawatch.spectral.detect;

import java.io.DataInput;
import java.io.IOException;

/** Reads scores back by the tag each class writes first; tags are never given to another class. */
final class ScoreCodec {
    private ScoreCodec() {}

    static SampleScore read(DataInput in, LayerModel[] models, GsvdMap map) throws IOException {
        int tag = in.readUnsignedByte();
        return switch (tag) {
            case Confidence.TAG -> Confidence.read(in);
            case LayerScore.TAG -> LayerScore.read(in, models);
            case TransportResidual.TAG -> TransportResidual.read(in);
            case JointChain.TAG -> JointChain.read(in);
            case Neighbours.TAG -> Neighbours.read(in, models);
            case NeighbourEvidence.TAG -> NeighbourEvidence.read(in);
            case VirtualLogit.TAG -> VirtualLogit.read(in);
            case CollapseScore.TAG -> CollapseScore.read(in);
            case GradNorm.TAG -> new GradNorm();
            case HeadConsistency.TAG -> HeadConsistency.read(in);
            case OutlierSubspace.TAG -> OutlierSubspace.read(in);
            case SingularDefect.TAG -> SingularDefect.read(in, models);
            case TokenInstability.TAG -> new TokenInstability();
            case GsvdScore.TAG -> GsvdScore.read(in, map);
            default -> throw new IOException("detector: no score with tag " + tag);
        };
    }
}
