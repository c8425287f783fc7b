using System.Security.Authentication;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Tool.Doctor;

/// <summary>Whether the certificates that AWS_CA_BUNDLE names can be read.</summary>
internal static class CertificatesCheck
{
    public static Task<Finding> LookAsync(Surroundings place, CancellationToken cancellationToken) =>
        Task.FromResult(Of(place.Environment));

    private static Finding Of(EnvironmentVariables environment)
    {
        if (CertificateBundle.Of(environment) is not { } bundle)
        {
            return Finding.Ok("Those of this machine; AWS_CA_BUNDLE is not set.");
        }

        try
        {
            bundle.Load();
            return Finding.Ok($"Those of this machine and of {bundle.Path} (AWS_CA_BUNDLE).");
        }
        catch (AuthenticationException failure)
        {
            return Finding.Problem(failure.Message, "Let AWS_CA_BUNDLE name a PEM file, or unset it.");
        }
    }
}
