namespace EcrBuildTasks.Tool.Doctor;

/// <summary>The region and its source.</summary>
internal static class RegionCheck
{
    public static async Task<Finding> LookAsync(Surroundings place, CancellationToken cancellationToken)
    {
        var session = await place.GetPlaceAsync();
        var source =
            place.Registry is { } registry ? $"the registry {registry}"
            : place.Settings.Region is null ? session.RegionSource
            : place.IsRegionOfProject ? "EcrRegion"
            : "--region";
        return session.Region is { } region
            ? Finding.Ok($"{region}, from {source}.")
            : Finding.Problem(
                "No AWS region is set.",
                "Set AWS_REGION, pass --region, or run `aws configure set region <region>`."
            );
    }
}
