using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Failures;

/// <summary>Words for what ECR refuses by its own rules, whatever the policies allow.</summary>
internal static class RuleDiagnosis
{
    /// <summary>A quota is used up; ECR's sentence tells which.</summary>
    public static EcrDiagnostic Quota(string said)
    {
        bool Is(string words) => said.Contains(words, StringComparison.OrdinalIgnoreCase);
        var (what, remedy) =
            Is("tags per image") || Is("number of tags")
                ? (
                    "The image has as many tags as its quota allows",
                    "Delete old tags of this image, or make each build's image its own, for example by a label that differs."
                )
            : Is("of images") || Is("images")
                ? (
                    "The repository holds as many images as its quota allows",
                    "Let a lifecycle policy delete old ones (EcrRepositoryLifecyclePolicy for new repositories), or ask for a higher quota under Service Quotas."
                )
            : Is("repositor")
                ? (
                    "The registry holds as many repositories as its quota allows",
                    "Delete unused ones, or ask for a higher quota under Service Quotas."
                )
            : Is("layer")
                ? (
                    "A layer is larger, or has more parts, than its quota allows",
                    "Make the layer smaller: these quotas are not raised."
                )
            : (
                "A quota of the registry is used up",
                "Delete what is not needed, for example by a lifecycle policy, or ask for a higher quota under Service Quotas."
            );
        return EcrDiagnostic.Error(EcrCode.QuotaExceeded, $"{what}: {Sentence(said)} {remedy}");
    }

    /// <summary>A tag stays where it is, at an image that is archived and so seems to be missing.</summary>
    /// <param name="digest">The digest of the archived image.</param>
    public static EcrDiagnostic Archived(ImageReference image, string tag, string digest) =>
        EcrDiagnostic.Error(
            EcrCode.ImageArchived,
            $"The tag {tag} of {image} belongs to the archived image {digest}: it cannot be pulled, and the repository does not let the tag be moved. Restore it, delete it, or push another version.",
            "This command restores it, which can take minutes:",
            $"  aws ecr update-image-storage-class --registry-id {image.Registry.Account} --region {image.Registry.Region} --repository-name {image.Repository} --image-id imageDigest={digest} --target-storage-class STANDARD"
        );

    /// <summary>The push goes to where ECR puts the images of another registry.</summary>
    /// <param name="rule">The rule by which it does.</param>
    public static EcrDiagnostic FilledFromUpstream(ImageReference image, PullThroughCache rule)
    {
        var (account, region) = (image.Registry.Account, image.Registry.Region);
        var what = rule.IsRoot
            ? $"that no other rule is for (prefix {rule.Prefix})"
            : $"under {rule.Prefix.TrimEnd('/')}/";
        return EcrDiagnostic.Warning(
            EcrCode.FilledFromUpstream,
            $"The repositories {what} of account {account}, region {region}, are a pull through cache of {rule.UpstreamRegistry}: a tag that is pushed to {image.Repository} may be replaced by that of {rule.UpstreamOf(image.Repository)} when somebody pulls it. {(rule.IsRoot ? "Give what is cached a prefix of its own, or push tags that the upstream registry does not have." : $"Push to a name that does not begin with {rule.Prefix.TrimEnd('/')}/.")}",
            "When a tag is pulled, ECR looks whether the upstream registry has another image under it, as a rule once in 24 hours, and puts that into the repository.",
            "This command shows the rules:",
            $"  aws ecr describe-pull-through-cache-rules --registry-id {account} --region {region}"
        );
    }

    /// <summary>AWS KMS refuses to encrypt or decrypt.</summary>
    public static EcrDiagnostic Kms(string said) =>
        EcrDiagnostic.Error(
            EcrCode.KmsRefused,
            $"AWS KMS does not let the repository's key be used: {Sentence(said)} Look whether the key exists in the region, is enabled and not about to be deleted.",
            "ECR uses the key by a grant that it makes when the repository is created, so whoever creates one with a key of its own needs kms:CreateGrant, kms:RetireGrant and kms:DescribeKey on it. A grant that was retired by hand cannot be made again: the repository has to be created anew.",
            "`aws ecr describe-repositories --query 'repositories[].encryptionConfiguration'` names the key, `aws kms describe-key` its state."
        );

    private static string Sentence(string said) => said.Trim() is var text && text.EndsWith('.') ? text : text + ".";
}
