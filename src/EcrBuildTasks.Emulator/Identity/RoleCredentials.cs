using System.Globalization;
using System.Text.Json.Nodes;

namespace EcrBuildTasks.Emulator.Identity;

/// <summary>A role's credentials, in the form in which containers and instances are given them.</summary>
internal static class RoleCredentials
{
    public static JsonObject Json(Credential session) =>
        new()
        {
            ["AccessKeyId"] = session.Key.Id,
            ["SecretAccessKey"] = session.Key.Secret,
            ["Token"] = session.Key.SessionToken,
            ["Expiration"] = session.ExpiresAt!.Value.UtcDateTime.ToString(
                "yyyy-MM-dd'T'HH:mm:ss'Z'",
                CultureInfo.InvariantCulture
            ),
        };
}
