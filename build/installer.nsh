; Before the files go: put the settings of Claude Code back as they were, so that it does not stay pointed at an app
; that is no longer there. Not on an update, which only swaps the files. Data folders other than the standard one are
; unknown here; their apps do the same when they quit. A set-up that cannot be put back does not stop the uninstaller.
!macro customUnInstall
  ${ifNot} ${isUpdated}
    DetailPrint "Putting client settings back"
    nsExec::Exec /TIMEOUT=30000 '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" --restore-clients'
    Pop $0
  ${endIf}
!macroend
