terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

variable "repository_url" {
  type        = string
  description = "The Git repository to build, such as https://github.com/my-org/hello-api"
}

variable "connection_arn" {
  type        = string
  description = "The connection to the Git provider, arn:aws:codeconnections:…"
}

variable "branch" {
  type        = string
  description = "The branch that is allowed to push"
  default     = "main"
}

variable "project_name" {
  type        = string
  description = "The name of the CodeBuild project"
  default     = "hello-api"
}

variable "repository_arn" {
  type        = string
  description = "The ECR repository to push to, such as arn:aws:ecr:eu-west-1:444455556666:repository/hello-api"
}

variable "role_name" {
  type        = string
  description = "The name of the role"
  default     = "hello-api-push"
}

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

# Only this project of this account can assume the role.
resource "aws_iam_role" "push" {
  name = var.role_name
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Service = "codebuild.amazonaws.com" }
        Action    = "sts:AssumeRole"
        Condition = {
          StringEquals = {
            "aws:SourceAccount" = data.aws_caller_identity.current.account_id
            "aws:SourceArn"     = "arn:aws:codebuild:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:project/${var.project_name}"
          }
        }
      },
    ]
  })
}

resource "aws_iam_role_policy" "push" {
  name = "push"
  role = aws_iam_role.push.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "GetToken"
        Effect   = "Allow"
        Action   = "ecr:GetAuthorizationToken"
        Resource = "*"
      },
      {
        Sid    = "Push"
        Effect = "Allow"
        Action = [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:InitiateLayerUpload",
          "ecr:UploadLayerPart",
          "ecr:CompleteLayerUpload",
          "ecr:PutImage",
        ]
        Resource = var.repository_arn
      },
      {
        Sid    = "WriteLog"
        Effect = "Allow"
        Action = [
          "logs:CreateLogGroup",
          "logs:CreateLogStream",
          "logs:PutLogEvents",
        ]
        Resource = [
          "arn:aws:logs:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:log-group:/aws/codebuild/${var.project_name}",
          "arn:aws:logs:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:log-group:/aws/codebuild/${var.project_name}:*",
        ]
      },
      {
        Sid    = "GetSource"
        Effect = "Allow"
        Action = [
          "codeconnections:GetConnection",
          "codeconnections:GetConnectionToken",
        ]
        Resource = var.connection_arn
      },
    ]
  })
}

resource "aws_codebuild_project" "push" {
  name           = var.project_name
  service_role   = aws_iam_role.push.arn
  source_version = var.branch
  build_timeout  = 20
  depends_on     = [aws_iam_role_policy.push]

  source {
    type      = "GITHUB"
    location  = var.repository_url
    buildspec = "buildspec.yml"

    auth {
      type     = "CODECONNECTIONS"
      resource = var.connection_arn
    }
  }

  environment {
    type         = "LINUX_CONTAINER"
    image        = "aws/codebuild/standard:8.0"
    compute_type = "BUILD_GENERAL1_SMALL"
  }

  artifacts {
    type = "NO_ARTIFACTS"
  }
}

resource "aws_codebuild_webhook" "push" {
  project_name = aws_codebuild_project.push.name

  filter_group {
    filter {
      type    = "EVENT"
      pattern = "PUSH"
    }

    filter {
      type    = "HEAD_REF"
      pattern = "^refs/heads/${var.branch}$"
    }
  }
}

output "role_arn" {
  value = aws_iam_role.push.arn
}
