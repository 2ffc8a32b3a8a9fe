package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.reference.DetectorInput;
import java.io.IOException;

/** Reads scores back by the tag each class writes first; tags are never given to another class. */
public final class ScoreCodec {
    private ScoreCodec() {}

    public static SampleScore read(DetectorInput in, GsvdMap map) throws IOException {
        int tag = in.readUnsignedByte();
        return switch (tag) {
            case Confidence.TAG -> Confidence.read(in);
            case LayerScore.TAG -> LayerScore.read(in);
            case TransportResidual.TAG -> TransportResidual.read(in);
            case JointChain.TAG -> JointChain.read(in);
            case Neighbours.TAG -> Neighbours.read(in);
            case NeighbourEvidence.TAG -> NeighbourEvidence.read(in);
            case VirtualLogit.TAG -> VirtualLogit.read(in);
            case CollapseScore.TAG -> CollapseScore.read(in);
            case GradNorm.TAG -> GradNorm.read(in);
            case HeadConsistency.TAG -> HeadConsistency.read(in);
            case OutlierSubspace.TAG -> OutlierSubspace.read(in);
            case SingularDefect.TAG -> SingularDefect.read(in);
            case TokenInstability.TAG -> TokenInstability.read(in);
            case GsvdScore.TAG -> GsvdScore.read(in, map);
            case NearestEvidence.TAG -> NearestEvidence.read(in);
            case KernelEvidence.TAG -> KernelEvidence.read(in);
            case NgramSurprise.TAG -> NgramSurprise.read(in);
            case PatchEvidence.TAG -> PatchEvidence.read(in);
            case SurrogateEvidence.TAG -> SurrogateEvidence.read(in);
            default -> throw new IOException("detector: no score with tag " + tag);
        };
    }

    /** Returns whether a score is one that {@link SurrogateEvidence} has taken the place of. */
    public static boolean isFormer(SampleScore score) {
        return score instanceof NearestEvidence
                || score instanceof KernelEvidence
                || score instanceof PatchEvidence;
    }
}
