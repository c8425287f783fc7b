using System.Security.Authentication;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Tool.Doctor;

/// <summary>Whether the certificates in AWS_CA_BUNDLE can be read.</summary>
internal static class CertificatesCheck
{
    public static Task<Finding> LookAsync(Surroundings place, CancellationToken cancellationToken) =>
        Task.FromResult(Evaluate(place.Environment));

    private static Finding Evaluate(EnvironmentVariables environment)
    {
        if (CertificateBundle.FromEnvironment(environment) is not { } bundle)
        {
            return Finding.Ok("The certificates of this machine are used; AWS_CA_BUNDLE is not set.");
        }

        try
        {
            bundle.Load();
            return Finding.Ok($"The certificates of this machine and of {bundle.Path} (AWS_CA_BUNDLE) are used.");
        }
        catch (AuthenticationException failure)
        {
            return Finding.Problem(failure.Message, "Set AWS_CA_BUNDLE to a PEM file, or unset it.");
        }
    }
}
