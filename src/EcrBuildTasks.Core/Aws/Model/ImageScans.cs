using Amazon.Runtime;

namespace EcrBuildTasks.Aws.Model;

/// <summary>Requests the findings of an image scan.</summary>
internal class DescribeImageScanFindingsRequest : AmazonECRRequest
{
    /// <summary>The 12 digits of the registry's account; absent: the caller's.</summary>
    public string? RegistryId { get; set; }

    /// <summary>The repository, with its namespace.</summary>
    public string? RepositoryName { get; set; }

    public ImageIdentifier? ImageId { get; set; }

    public string? NextToken { get; set; }

    /// <summary>Page size, 1 to 1000.</summary>
    public int? MaxResults { get; set; }
}

/// <summary>What the scan has found so far.</summary>
internal class DescribeImageScanFindingsResponse : AmazonWebServiceResponse
{
    /// <summary>How far the scan is.</summary>
    public ImageScanStatus? ImageScanStatus { get; set; }

    /// <summary>The findings of this page.</summary>
    public ImageScanFindings? ImageScanFindings { get; set; }

    /// <summary>Present when there are more.</summary>
    public string? NextToken { get; set; }
}

/// <summary>How far a scan is.</summary>
internal class ImageScanStatus
{
    /// <summary>
    /// <c>IN_PROGRESS</c>, <c>PENDING</c>, <c>COMPLETE</c>, <c>ACTIVE</c> (of continuous scanning), <c>FAILED</c>,
    /// <c>UNSUPPORTED_IMAGE</c>, <c>SCAN_ELIGIBILITY_EXPIRED</c>, <c>FINDINGS_UNAVAILABLE</c>, <c>LIMIT_EXCEEDED</c> or
    /// <c>IMAGE_ARCHIVED</c>.
    /// </summary>
    public string? Status { get; set; }

    public string? Description { get; set; }
}

/// <summary>Findings: those of a basic scan, or those of an enhanced one.</summary>
internal class ImageScanFindings
{
    /// <summary>When the scan was done; absent while it is not, whatever its status.</summary>
    public DateTime? ImageScanCompletedAt { get; set; }

    /// <summary>Those of a basic scan.</summary>
    public List<ImageScanFinding>? Findings { get; set; }

    /// <summary>Those of an enhanced scan, by Amazon Inspector.</summary>
    public List<EnhancedImageScanFinding>? EnhancedFindings { get; set; }
}

/// <summary>A finding of a basic scan.</summary>
internal class ImageScanFinding
{
    /// <summary>Such as <c>CVE-2026-1234</c>.</summary>
    public string? Name { get; set; }

    public string? Uri { get; set; }

    /// <summary><c>INFORMATIONAL</c>, <c>LOW</c>, <c>MEDIUM</c>, <c>HIGH</c>, <c>CRITICAL</c> or <c>UNDEFINED</c>.</summary>
    public string? Severity { get; set; }

    /// <summary>Among them <c>package_name</c> and <c>package_version</c>.</summary>
    public List<FindingAttribute>? Attributes { get; set; }
}

internal class FindingAttribute
{
    public string? Key { get; set; }

    public string? Value { get; set; }
}

internal class EnhancedImageScanFinding
{
    public string? Title { get; set; }

    /// <summary>As of a basic scan, or <c>UNTRIAGED</c>.</summary>
    public string? Severity { get; set; }

    public PackageVulnerabilityDetails? PackageVulnerabilityDetails { get; set; }
}

internal class PackageVulnerabilityDetails
{
    /// <summary>Such as <c>CVE-2026-1234</c>.</summary>
    public string? VulnerabilityId { get; set; }

    public string? SourceUrl { get; set; }

    /// <summary>The packages of the image that have it.</summary>
    public List<VulnerablePackage>? VulnerablePackages { get; set; }
}

/// <summary>A package that has a vulnerability.</summary>
internal class VulnerablePackage
{
    public string? Name { get; set; }

    public string? Version { get; set; }

    /// <summary>The version that has it no longer.</summary>
    public string? FixedInVersion { get; set; }
}
