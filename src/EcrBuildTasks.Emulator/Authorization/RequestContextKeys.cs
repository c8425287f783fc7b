using System.Globalization;
using System.Net;
using EcrBuildTasks.Emulator.Identity;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Emulator.Authorization;

/// <summary>Collects the context keys that IAM would see of a request.</summary>
internal static class RequestContextKeys
{
    public static RequestContext Build(
        CallingPrincipal principal,
        RequestOrigin origin,
        DateTimeOffset now,
        IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> ofTheRequest
    )
    {
        var keys = new Dictionary<string, IReadOnlyList<string>>(ofTheRequest, StringComparer.OrdinalIgnoreCase);
        void Add(string key, string? value)
        {
            if (value is not null)
            {
                keys[key] = [value];
            }
        }

        Add("aws:PrincipalArn", principal.PrincipalArn);
        Add("aws:PrincipalAccount", principal.Account.Id);
        Add("aws:PrincipalType", principal.PrincipalType);
        Add("aws:PrincipalIsAWSService", "false");
        Add("aws:userid", principal.Caller.UserId);
        Add("aws:username", principal.UserName);
        Add("aws:PrincipalOrgID", principal.Account.OrganizationId);
        if (principal.Account.OrganizationPath is { } path)
        {
            keys["aws:PrincipalOrgPaths"] = [path];
        }

        foreach (var (tag, value) in principal.Tags)
        {
            Add($"aws:PrincipalTag/{tag}", value);
        }

        if (principal.SessionStartedAt is { } startedAt)
        {
            Add("aws:TokenIssueTime", Iso(startedAt));
            Add("aws:MultiFactorAuthPresent", "false");
        }

        Add("aws:CurrentTime", Iso(now));
        Add("aws:EpochTime", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        // The emulator stands for AWS's endpoint, which nobody reaches but over TLS.
        Add("aws:SecureTransport", "true");
        Add("aws:SourceIp", origin.Address?.ToString());
        Add("aws:UserAgent", origin.UserAgent);
        Add("aws:RequestedRegion", origin.Region);
        Add("aws:ViaAWSService", "false");
        return RequestContext.Complete(keys);
    }

    private static string Iso(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

/// <summary>Where a request came from and which region it is for.</summary>
internal sealed record RequestOrigin(IPAddress? Address, string? UserAgent, string Region)
{
    public static RequestOrigin FromContext(HttpContext context, string region)
    {
        var address = context.Connection.RemoteIpAddress;
        var plain = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        var userAgent = context.Request.Headers.UserAgent.ToString();
        return new(plain, userAgent.Length == 0 ? null : userAgent, region);
    }
}
