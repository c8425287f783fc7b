using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Failures;

/// <summary>Diagnostics for requests that ECR rejects by its own rules, independent of policies.</summary>
internal static class RuleDiagnosis
{
    /// <summary>A quota is exceeded; the message of ECR shows which.</summary>
    public static EcrDiagnostic Quota(string message)
    {
        bool Is(string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);
        var (what, remedy) =
            Is("tags per image") || Is("number of tags")
                ? (
                    "The image has reached the quota for tags per image",
                    "Delete old tags of this image, or make each build produce a different image, for example with a label that changes."
                )
            : Is("of images") || Is("images")
                ? (
                    "The repository has reached the quota for images per repository",
                    "Delete old images with a lifecycle policy (EcrRepositoryLifecyclePolicy for new repositories), or request a quota increase in Service Quotas."
                )
            : Is("repositor")
                ? (
                    "The registry has reached the quota for repositories per registry",
                    "Delete unused repositories, or request a quota increase in Service Quotas."
                )
            : Is("layer")
                ? (
                    "A layer exceeds the quota for layer size or layer parts",
                    "Make the layer smaller; these quotas cannot be increased."
                )
            : (
                "A quota of the registry is exceeded",
                "Delete unused images, for example with a lifecycle policy, or request a quota increase in Service Quotas."
            );
        return EcrDiagnostic.Error(EcrCode.QuotaExceeded, $"{what}: {Sentence(message)} {remedy}");
    }

    /// <summary>An immutable tag points to an archived image, which cannot be pulled and so seems to be missing.</summary>
    /// <param name="digest">The digest of the archived image.</param>
    public static EcrDiagnostic Archived(ImageReference image, string tag, string digest) =>
        EcrDiagnostic.Error(
            EcrCode.ImageArchived,
            $"The tag {tag} of {image} belongs to the archived image {digest}: it cannot be pulled, and the repository does not allow moving the tag. Restore the image, delete it, or push another version.",
            "This command restores it, which can take several minutes:",
            $"  aws ecr update-image-storage-class --registry-id {image.Registry.Account} --region {image.Registry.Region} --repository-name {image.Repository} --image-id imageDigest={digest} --target-storage-class STANDARD"
        );

    /// <summary>The push goes to a repository that ECR fills from another registry.</summary>
    /// <param name="rule">The pull through cache rule.</param>
    public static EcrDiagnostic FilledFromUpstream(ImageReference image, PullThroughCache rule)
    {
        var (account, region) = (image.Registry.Account, image.Registry.Region);
        var what = rule.IsRoot
            ? $"without a rule of their own (prefix {rule.Prefix})"
            : $"under {rule.Prefix.TrimEnd('/')}/";
        return EcrDiagnostic.Warning(
            EcrCode.FilledFromUpstream,
            $"The repositories {what} of account {account}, region {region}, are a pull through cache of {rule.UpstreamRegistry}: a pull can replace a tag in {image.Repository} with the tag from {rule.UpstreamOf(image.Repository)}. {(rule.IsRoot ? "Use a separate prefix for cached repositories, or push tags that do not exist in the upstream registry." : $"Push to a repository whose name does not start with {rule.Prefix.TrimEnd('/')}/.")}",
            "When a tag is pulled, Amazon ECR checks the upstream registry for a newer image, usually once in 24 hours, and copies it to the repository.",
            "This command shows the rules:",
            $"  aws ecr describe-pull-through-cache-rules --registry-id {account} --region {region}"
        );
    }

    /// <summary>AWS KMS rejects the use of the key.</summary>
    public static EcrDiagnostic Kms(string message) =>
        EcrDiagnostic.Error(
            EcrCode.KmsRefused,
            $"AWS KMS does not allow Amazon ECR to use the key of the repository: {Sentence(message)} Check that the key exists in the region, is enabled and is not pending deletion.",
            "Amazon ECR uses the key through a grant that it creates together with the repository. To create a repository with a customer managed key, the caller needs kms:CreateGrant, kms:RetireGrant and kms:DescribeKey on the key. A retired grant cannot be restored: delete the repository and create it again.",
            "`aws ecr describe-repositories --query 'repositories[].encryptionConfiguration'` shows the key, and `aws kms describe-key` shows its state."
        );

    private static string Sentence(string message) =>
        message.Trim() is var text && text.EndsWith('.') ? text : text + ".";
}
